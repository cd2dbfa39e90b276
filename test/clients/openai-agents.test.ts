import { testLibrary } from './library.ts'

testLibrary('openai-agents', 'openai_agents_client.py')
