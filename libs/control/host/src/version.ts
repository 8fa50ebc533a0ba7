/** The version of everything that is built from this tree. */
export const version = '0.1.0';
