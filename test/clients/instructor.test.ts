import { testLibrary } from './library.ts'

testLibrary('instructor', 'instructor_client.py')
