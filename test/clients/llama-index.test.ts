import { testLibrary } from './library.ts'

testLibrary('llama-index', 'llama_index_client.py')
