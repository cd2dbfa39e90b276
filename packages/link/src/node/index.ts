export { answerUpgrades, dialWebSocket, LINK_PATH } from './websocket.ts'
