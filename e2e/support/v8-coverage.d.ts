/** What is used of a package that brings no types; its data are V8's own (Profiler.ScriptCoverage of the inspector). */
declare module '@bcoe/v8-coverage' {
  export interface ProcessCov {
    result: {
      scriptId: string;
      url: string;
      functions: {
        functionName: string;
        isBlockCoverage: boolean;
        ranges: { startOffset: number; endOffset: number; count: number }[];
      }[];
    }[];
  }
  export function mergeProcessCovs(parts: readonly ProcessCov[]): ProcessCov;
}
