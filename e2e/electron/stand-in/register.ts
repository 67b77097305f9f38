import { registerHooks } from 'node:module';

/** From now on, `electron` is the stand-in, in this thread; what is imported is not changed otherwise. */
const standIn = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
