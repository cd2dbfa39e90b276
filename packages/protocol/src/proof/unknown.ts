/** Why nothing is said of a receipt: by the rules of one kind of work an honest answer of another would look like fraud. */
export const UNKNOWN_WORKLOAD = 'a kind of work that this proof does not know'
