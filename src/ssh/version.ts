/** What we call ourselves (RFC 4253 §4.2). Clients choose their workarounds by this name. */
export const ourVersion = 'SSH-2.0-Ferry_0.1'
