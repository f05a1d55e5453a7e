/** Directories below one another: no tree of files is deeper, and each is held while what is in it goes over. */
export const deepest = 64
