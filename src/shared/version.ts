import about from '../../package.json' with { type: 'json' };

/** The version of this Enlarger, as package.json states it. */
export const VERSION: string = about.version;
