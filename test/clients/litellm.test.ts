import { testLibrary } from './library.ts'

testLibrary('litellm', 'litellm_client.py')
