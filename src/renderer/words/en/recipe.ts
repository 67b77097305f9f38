export const recipe = {};
