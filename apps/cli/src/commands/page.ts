import { homeSetting } from '@heddle/daemon'
import { defineCommand } from 'citty'
import { running } from '../home.ts'
import { pageLink } from '../page.ts'
import { commonArgs, printJson, report } from '../report.ts'

export const page = defineCommand({
  meta: { name: 'page', description: "A link to the gateway's page; it opens once" },
  args: commonArgs,
  run: ({ args }) =>
    report(args, async () => {
      const link = await pageLink(running(homeSetting(args.home)))
      if (args.json) return printJson({ link })
      console.log(link)
    }),
})
