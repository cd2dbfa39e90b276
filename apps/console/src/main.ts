import './no-eval.ts'

import { find } from './dom.ts'
import { showHome } from './home/home.ts'
import { showReceipt } from './receipt/page.ts'

const id = /^\/receipts\/([^/]+)$/.exec(location.pathname)?.[1]
const main = find('main')
if (id) void showReceipt(main, decodeURIComponent(id))
else showHome(main)
