/**
 * Writes docs/compatibility.md from docs/compatibility.json, which the tests of real clients write with HEDDLE_RECORD=1,
 * and from the decision about every field of each API.
 */
import { writeFileSync } from 'node:fs'
import { catalogue, type ErrorCode, HeddleError } from '@heddle/protocol'
import { type Decision, pages } from '../test/clients/fields.ts'
import { page, readTable, renderPrograms, renderTable, type Table } from '../test/clients/table.ts'
import { anthropicError } from '../workloads/inference/src/door/anthropic/error.ts'
import { openAiCodes, openAiError } from '../workloads/inference/src/door/openai/error.ts'

const fieldRows = (fields: Readonly<Record<string, Decision>>): string =>
  Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { says }]) => `| \`${name}\` | ${says} |`)
    .join('\n')

/** How each API says the errors that its clients act on; the others are their own code, under the status's usual type. */
function errorTable(): string {
  const rows = (Object.keys(catalogue) as ErrorCode[]).flatMap(code => {
    const error = new HeddleError(code)
    const [ours, theirs] = [openAiError(error), anthropicError(error)]
    const isTold = openAiCodes[code] !== undefined || theirs.status !== error.status
    if (!isTold) return []
    const { type, code: said } = ours.body.error
    return [`| \`${code}\` | ${ours.status} ${type}, \`${said}\` | ${theirs.status} ${theirs.body.error.type} |`]
  })
  return ['| code | OpenAI: status, type, `code` | Anthropic: status, type |', '|---|---|---|', ...rows].join('\n')
}

/** The page, from the committed table. */
export const renderPage = (table: Table): string => `# Compatibility

What unmodified clients do with Heddle. Written by \`node scripts/compatibility.ts\` from what the tests in \`test/clients\`
found with \`${table.model}\`, each client in front of a house of its own started as processes: gateway, provider, chain.

✓ works. *refused* names the field, or the error's code, and is what should happen. Empty: the client has no such thing, or
it was not tried with it.

${renderTable(table)}

The tiny model has no images and no reasoning: that those are refused by name is the test; with HEDDLE_TEST_MODEL set to
another GGUF file the same tests run, and this page is left alone. Tools are tried with a choice that forces one: a model of
820 thousand parameters calls none by itself.

## Programs and agents

Each as its registry carries it, unmodified, in front of a house whose own engine plays a script: it asks for the client's own
tools, several turns long, two at once and one that fails, and the tests look at the files that were written, at what the engine was
told of each tool, and at every receipt. For what goes wrong the table names the exception that the client's users catch.
How to point each at a gateway, and what a small model makes of it: [clients](clients.md).

${renderPrograms(table)}

## Base URLs

| client | base URL | key |
|---|---|---|
| OpenAI's, and what speaks like it | \`http://127.0.0.1:PORT/v1\` | \`authorization: Bearer\` |
| Anthropic's | \`http://127.0.0.1:PORT\` | \`x-api-key\`, or \`authorization: Bearer\` |

## What Heddle adds

- \`heddle\` in every answer (in a stream: in its last event): \`{receipt, charge, provider}\`, charge in base units. Whole answers carry
  the header \`x-heddle-receipt\` too.
- \`heddle.unused\`, and the header \`heddle-unused\`: what was sent and had no effect, each by the client's own path, such as
  \`messages[0].content[1].cache_control\`. The header \`heddle-strict: true\`, or a key made with \`heddle keys add --strict\`, makes
  each of them a 400.
- \`heddle.unmet\`, and the header \`heddle-unmet\` of a whole answer: what of its schema (or a strict tool's) the answer does not keep, by the
  client's own path. Every answer that ended by itself is looked at, whatever its engine promised; one that was cut is held to nothing.
- A stream says that it lives after a second without a word (\`--ping\`): a comment, to Anthropic's clients a \`ping\`. Until an answer has
  begun another provider may still take it over; what goes wrong after the first ping is an error event.
- \`provider\`: \`order\`, \`only\`, \`ignore\` (addresses, 0x…), \`allow_fallbacks\`, \`quantizations\`, \`sort\` (price, latency, throughput),
  \`min_honest_rate\` (0 … 1: the lower end of the 95% interval of what the house's watcher found; who was not checked is passed over), and
  \`max_price\`: \`{prompt, completion}\` in whole HED for **a million tokens**, with at most 12 decimals, so that it is a whole number of
  base units for one token. \`require_parameters: true\` and \`data_collection: "allow"\` say what happens anyway: a provider can read
  what it is sent.
- \`models\`: who is asked after \`model\`, the best first.
- \`POST /v1/quote\` with the body of a chat completion: model, provider, prices, what the input uses, and the most that it can cost.
- \`reasoning_content\` and \`reasoning\`, the same text under both names, in answers, deltas and messages that are sent back.
- \`top_k\`, everywhere.

## Fields

Strict where meaning is at stake, tolerant where it is not, silent never. A field is *honoured*; or it is *unused*: it only hints, tags,
caches or asks for what may be left out, so it is passed over and named in \`heddle.unused\`; or it would change the answer or its price and
cannot be honoured, and is *refused*: a 400 with \`unsupported_field\` or \`bad_request\` that names it as the client does. What is in no
list here is unused, unless it is known to change answers (\`min_p\`, \`repetition_penalty\`, \`grammar\`, \`options\`, \`truncate_prompt_tokens\`,
\`stop_regex\`, \`lora_path\`…: \`door/shared/matters.ts\` lists them by what they change): then it is refused, except at a value that says what
happens anyway (\`best_of: 1\`, \`skip_special_tokens: true\`). What means the same under another API's name is honoured: \`random_seed\`, a \`schema\`
beside \`json_object\`, \`output_format\` of messages. A tool that only a server could run, or how an engine may save itself work, is a hint. \`null\` is the same as leaving a field out, wherever it stands.
A field that the chosen model cannot honour is a 400 with \`unsupported_by_model\` that names it; how much to think, \`strict\` of a tool, one
call at a time and what to remember are unused there.

- **How long.** \`max_tokens\` is the most that is wanted: it is cut to what fits beside the prompt and to what the offer gives, and the answer
  ends with \`length\` (\`max_tokens\`, \`incomplete\`) where it was. What may be held and charged is that of the cut length. A prompt that
  does not fit is refused. With \`heddle-strict\` nothing is cut.
- **Several answers** (\`n\`) are one job of an engine that draws them beside each other (\`choices\` among a model's features: the built-in engine,
  vLLM, SGLang): their prompt is read and charged once, and one receipt is about all of them. Any other engine has none, and \`n: 2\` is a 400
  with \`unsupported_by_model\`. It is not asked twice instead: that would be two prompts, two charges and two receipts for what was asked as one.
- **System messages** may stand anywhere; what one, or a user, says between a call and its result is told after it. Anthropic and OpenAI
  refuse a user's words there: here they mean the same after the result.
- **Tools** that are not functions (those that a server runs, \`custom\` ones without a schema) are unused; a \`tool_choice\` that forces one is
  refused. Functions in a \`namespace\` are called by their own name, and answers say the namespace. Names over messages may have 128
  letters: engines get a shorter one, and answers say the client's. A \`tool_reference\` is told by the tool's name.
- **Results** may hold pictures: they are shown after the results of that turn. Arguments that were cut are closed where they were cut.
  Whatever an answer named a call, and whatever its id, it may be sent back.
- **Why it ended.** What an engine filtered ends with \`content_filter\` (\`refusal\` over messages, \`incomplete\` over responses); one that gave up
  is an error, and what was delivered is charged.
- **Refused for good**: a document, audio or a file in a message (it would not be read), an answer that is begun for the model, what
  refers to things kept elsewhere (\`previous_response_id\`, \`conversation\`, \`prompt\`, \`item_reference\`, file ids), pictures by URL, \`functions\`
  and \`function_call\`, rules about who may answer that are not known (\`provider.*\`, \`inference_geo\`).

${pages.map(({ title, fields }) => `### ${title}\n\n| field | what becomes of it |\n|---|---|\n${fieldRows(fields)}`).join('\n\n')}

## Errors

Each API's own words, for the clients that act on them, and Heddle's stable code (docs/errors.md) beside: in OpenAI's \`error.heddle_code\`, in
Anthropic's \`heddle.code\`. \`retry-after\`, \`retry-after-ms\` and \`x-should-retry: true\` where a retry helps, \`x-should-retry: false\`
where none does.

${errorTable()}

A prompt that is too long is told in the sentence that its clients look for: "This model's maximum context length is N tokens", and
"prompt is too long: N tokens > M maximum". Errors after the first byte of a stream are its last event: \`error\`; of responses
\`response.failed\` and \`error\`.

## Ollama

Ollama's API is refused on every path, by gateway and provider, in a sentence that its client shows: it manages the engine as
much as it asks it. Its own address keeps working beside Heddle.
`

if (import.meta.main) writeFileSync(page, renderPage(readTable()))
