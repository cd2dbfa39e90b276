import { defineCommand } from 'citty'
import { findHome, running } from '../home/index.ts'
import { pageLink } from '../page.ts'
import { commonArgs, printJson, report } from '../report.ts'

export const page = defineCommand({
  meta: { name: 'page', description: "A link to the gateway's page; it opens once" },
  args: commonArgs,
  run: ({ args }) =>
    report(args, async () => {
      const link = await pageLink(running(findHome(args.home)))
      if (args.json) return printJson({ link })
      console.log(link)
    }),
})
