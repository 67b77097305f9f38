import { config } from 'zod';

// The page's policy forbids code that is made at run time. Zod tries as soon as the first schema is made, and the browser
// reports that; so this is to be imported before anything with a schema in it.
config({ jitless: true });
