/** How long a server may take to say why it refuses a transfer, or broke it off, once the data connection is of no use. */
export const lastWordsMs = 2000
