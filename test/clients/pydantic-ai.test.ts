import { testLibrary } from './library.ts'

testLibrary('pydantic-ai', 'pydantic_ai_client.py')
