import { defineCommand } from 'citty'
import { type Client, type ClientName, clientNames, clients } from '../clients/clients.ts'
import { directToLoopback } from '../clients/direct.ts'
import { placeOf } from '../clients/place.ts'
import { oneOf } from '../command-line/values.ts'
import { commonArgs, printJson, report } from '../report.ts'

export const env = defineCommand({
  meta: { name: 'env', description: 'env CLIENT: what it needs to ask this house, as variables of a shell' },
  args: {
    client: { type: 'positional', description: clientNames.join(', '), required: true },
    ...commonArgs,
    model: { type: 'string', description: 'The model to ask; the first one that can talk when left out' },
  },
  run: ({ args }) =>
    report(args, async () => {
      const name: ClientName = oneOf('CLIENT', args.client, clientNames)
      const client: Client = clients[name]
      const place = await placeOf(args)
      const variables = { ...client.variables(place), ...directToLoopback(process.env) }
      const flags = client.flags?.(place) ?? []
      const file = client.file?.(place)
      if (args.json) return printJson({ variables, flags, ...(file ? { file } : {}) })
      if (Object.keys(variables).length > 0) console.log(exports(variables))
      // On standard error, so that `eval "$(heddle env …)"` takes the variables alone.
      if (flags.length > 0) console.error(`# and: ${client.program} ${flags.map(quoted).join(' ')}`)
      if (file) console.error(`# and in ${file.path}:\n${file.text}`)
    }),
})

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** One line that a POSIX shell takes. */
export const exports = (variables: Readonly<Record<string, string>>): string =>
  `export ${Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(' ')}`
