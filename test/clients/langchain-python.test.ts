import { testLibrary } from './library.ts'

testLibrary('langchain', 'langchain_client.py')
