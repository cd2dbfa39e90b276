import { join } from 'node:path'
import { testVectors } from '@heddle/testing/vectors'
import { definitions } from '../../vectors/definitions.ts'

testVectors(join(import.meta.dirname, '../../vectors'), definitions)
