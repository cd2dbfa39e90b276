export { abi as settlementAbi, creationCode as settlementCode } from './generated/BatchSettlement.ts'
export { abi as collectorAbi, creationCode as collectorCode } from './generated/ERC3009DepositCollector.ts'
export { abi as tokenAbi, creationCode as tokenCode } from './generated/HeddleToken.ts'
export { abi as multicallAbi, creationCode as multicallCode } from './generated/Multicall3.ts'
