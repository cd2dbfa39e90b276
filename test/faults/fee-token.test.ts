import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect, sendFromFaucet, startDevnet } from '@heddle/chain'
import { type Hex, isHeddleError, randomBytes, signDeposit, toHex } from '@heddle/protocol'
import { folder, quiet, startStage, stateOf } from './stage.ts'

/** An EIP-3009 token in form, which keeps a percent of every transfer. */
const SOURCE = `
pragma solidity ^0.8.20;
contract FeeToken {
  mapping(address => uint256) public balanceOf;
  function mint(address to, uint256 amount) external { balanceOf[to] += amount; }
  function move(address from, address to, uint256 amount) internal returns (bool) {
    balanceOf[from] -= amount;
    balanceOf[to] += amount - amount / 100;
    return true;
  }
  function transfer(address to, uint256 amount) external returns (bool) { return move(msg.sender, to, amount); }
  function receiveWithAuthorization(address from, address to, uint256 value, uint256, uint256, bytes32, bytes calldata) external {
    move(from, to, value);
  }
  function authorizationState(address, bytes32) external pure returns (bool) { return false; }
  function eip712Domain() external view
    returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory) {
    return (0x0f, "Fee", "1", block.chainid, address(this), 0, new uint256[](0));
  }
}`

function compile(): Hex {
  const require = createRequire(join(import.meta.dirname, '../../contracts/package.json'))
  const solc = require('solc') as { compile(input: string): string }
  const settings = { outputSelection: { '*': { '*': ['evm.bytecode.object'] } } }
  const output = JSON.parse(
    solc.compile(JSON.stringify({ language: 'Solidity', sources: { 'Fee.sol': { content: SOURCE } }, settings })),
  ) as { contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>> }
  return `0x${output.contracts['Fee.sol']!['FeeToken']!.evm.bytecode.object}`
}

test('a token that takes a fee on transfer is refused at the deposit, and nothing is counted', async t => {
  const devnet = await startDevnet({ directory: folder(t), log: quiet })
  t.after(() => devnet.stop())
  const hash = await sendFromFaucet(devnet.url, { data: compile() })
  const { contractAddress } = await connect(devnet.url, devnet.chainId).getTransactionReceipt({ hash })
  const token = contractAddress!.toLowerCase() as Hex

  const stage = await startStage(t, { script: { tokens: 5 }, devnet: { ...devnet, token }, asset: token })
  const { payer } = stage
  const tokenDomain = { name: 'Fee', version: '1', chainId: devnet.chainId, token }
  const validBefore = Math.floor(Date.now() / 1000) + 600
  const deposit = signDeposit(
    tokenDomain,
    payer.id,
    { amount: '5000', validBefore, salt: toHex(randomBytes(32)) },
    payer.signer,
  )
  await assert.rejects(payer.open({ channel: payer.channel, deposit }), error => {
    assert.ok(isHeddleError(error, 'token_refused'), String(error))
    assert.equal(error.retryable, false)
    return true
  })
  assert.equal((await stateOf(stage)).balance, '0')
})
