/** Settings as they may be shown: the passwords in URLs of other servers are not. */
export function withoutPasswords<Settings>(settings: Settings): Settings {
  const text = JSON.stringify(settings, (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(/^([a-z]+:\/\/[^/:]*):[^/]*@/iu, '$1:****@') : value,
  )
  return JSON.parse(text) as Settings
}
