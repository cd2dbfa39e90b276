/** Writes the committed vectors again: `npm run build:vectors`. */
import { writeVectors } from '@heddle/testing/vectors'
import { definitions } from './definitions.ts'

writeVectors(import.meta.dirname, definitions)
