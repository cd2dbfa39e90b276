// Written by scripts/contracts.ts from contracts/; do not edit.
export const abi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "settlement",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "collect",
    "inputs": [
      {
        "name": "payer",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "channelId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "collectorData",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "x402BatchSettlement",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "error",
    "name": "InvalidX402BatchSettlementAddress",
    "inputs": []
  },
  {
    "type": "error",
    "name": "OnlyX402BatchSettlement",
    "inputs": []
  },
  {
    "type": "error",
    "name": "SafeERC20FailedOperation",
    "inputs": [
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      }
    ]
  }
] as const

export const creationCode =
  '0x60a034608157601f6104fc38819003918201601f19168301916001600160401b03831184841017608557808492602094604052833981010312608157516001600160a01b03811680820360815715607257608052604051610462908161009a823960805181818161010201526103fd0152f35b63e55654f560e01b5f5260045ffd5b5f80fd5b634e487b7160e01b5f52604160045260245ffdfe6080806040526004361015610012575f80fd5b5f905f3560e01c9081634dec6d95146103b5575063e416d8d314610034575f80fd5b3461035c5760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261035c5760043573ffffffffffffffffffffffffffffffffffffffff811680910361035c576024359073ffffffffffffffffffffffffffffffffffffffff821680920361035c57604435906084359067ffffffffffffffff821161035c573660238301121561035c57816004013567ffffffffffffffff811161035c57820191602483019236841161035c5773ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016330361038d576080908290031261035c57608481013567ffffffffffffffff811161035c578101928060438501121561035c57602484013567ffffffffffffffff8111610360576040519461019f60207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f8501160187610421565b81865260208601926044828401011161035c57815f926044602093018537860101526040516020810190606435825260648401356040820152604081526101e7606082610421565b51902092863b1561035c577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f610104936044975f97604051998a9889977f88b7ab6300000000000000000000000000000000000000000000000000000000895260048901523060248901528c82890152602481013560648901520135608487015260a486015260e060c48601525180918160e48701528686015e868582860101520116810103018183875af180156103515761033c575b50604051907fa9059cbb0000000000000000000000000000000000000000000000000000000084523360045260245260208360448180865af190600184511482161561031c575b50156102f1575080f35b7f5274afe7000000000000000000000000000000000000000000000000000000008252600452602490fd5b60018215166103345750813b15153d1516165f6102e7565b3d84823e3d90fd5b6103499193505f90610421565b5f915f6102a0565b6040513d5f823e3d90fd5b5f80fd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7f9794beb9000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461035c575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261035c5760209073ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176103605760405256' as const
