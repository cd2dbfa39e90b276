// Written by scripts/contracts.ts from contracts/; do not edit.
export const abi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "minter_",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "DOMAIN_SEPARATOR",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "MAX_SUPPLY",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "allowance",
    "inputs": [
      {
        "name": "owner",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "spender",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "approve",
    "inputs": [
      {
        "name": "spender",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "authorizationState",
    "inputs": [
      {
        "name": "authorizer",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "nonce",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "balanceOf",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "cancelAuthorization",
    "inputs": [
      {
        "name": "authorizer",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "nonce",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "v",
        "type": "uint8",
        "internalType": "uint8"
      },
      {
        "name": "r",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "s",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "cancelAuthorization",
    "inputs": [
      {
        "name": "authorizer",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "nonce",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "signature",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "cap",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "decimals",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint8",
        "internalType": "uint8"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "eip712Domain",
    "inputs": [],
    "outputs": [
      {
        "name": "fields",
        "type": "bytes1",
        "internalType": "bytes1"
      },
      {
        "name": "name",
        "type": "string",
        "internalType": "string"
      },
      {
        "name": "version",
        "type": "string",
        "internalType": "string"
      },
      {
        "name": "chainId",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "verifyingContract",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "salt",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "extensions",
        "type": "uint256[]",
        "internalType": "uint256[]"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "mint",
    "inputs": [
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "minter",
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
    "type": "function",
    "name": "name",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "string",
        "internalType": "string"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "nonces",
    "inputs": [
      {
        "name": "owner",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "permit",
    "inputs": [
      {
        "name": "owner",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "spender",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "deadline",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "v",
        "type": "uint8",
        "internalType": "uint8"
      },
      {
        "name": "r",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "s",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "receiveWithAuthorization",
    "inputs": [
      {
        "name": "from",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "validAfter",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "validBefore",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "nonce",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "signature",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "receiveWithAuthorization",
    "inputs": [
      {
        "name": "from",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "validAfter",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "validBefore",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "nonce",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "v",
        "type": "uint8",
        "internalType": "uint8"
      },
      {
        "name": "r",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "s",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "symbol",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "string",
        "internalType": "string"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "totalSupply",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "transfer",
    "inputs": [
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "transferFrom",
    "inputs": [
      {
        "name": "from",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "transferWithAuthorization",
    "inputs": [
      {
        "name": "from",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "validAfter",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "validBefore",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "nonce",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "signature",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "transferWithAuthorization",
    "inputs": [
      {
        "name": "from",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "validAfter",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "validBefore",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "nonce",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "v",
        "type": "uint8",
        "internalType": "uint8"
      },
      {
        "name": "r",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "s",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "event",
    "name": "Approval",
    "inputs": [
      {
        "name": "owner",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "spender",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "AuthorizationCanceled",
    "inputs": [
      {
        "name": "authorizer",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "nonce",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "AuthorizationUsed",
    "inputs": [
      {
        "name": "authorizer",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "nonce",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "EIP712DomainChanged",
    "inputs": [],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Transfer",
    "inputs": [
      {
        "name": "from",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "ECDSAInvalidSignature",
    "inputs": []
  },
  {
    "type": "error",
    "name": "ECDSAInvalidSignatureLength",
    "inputs": [
      {
        "name": "length",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ECDSAInvalidSignatureS",
    "inputs": [
      {
        "name": "s",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20ExceededCap",
    "inputs": [
      {
        "name": "increasedSupply",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "cap",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InsufficientAllowance",
    "inputs": [
      {
        "name": "spender",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "allowance",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "needed",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InsufficientBalance",
    "inputs": [
      {
        "name": "sender",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "balance",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "needed",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InvalidApprover",
    "inputs": [
      {
        "name": "approver",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InvalidCap",
    "inputs": [
      {
        "name": "cap",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InvalidReceiver",
    "inputs": [
      {
        "name": "receiver",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InvalidSender",
    "inputs": [
      {
        "name": "sender",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InvalidSpender",
    "inputs": [
      {
        "name": "spender",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC2612ExpiredSignature",
    "inputs": [
      {
        "name": "deadline",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC2612InvalidSigner",
    "inputs": [
      {
        "name": "signer",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "owner",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC3009InvalidAuthorizationTime",
    "inputs": [
      {
        "name": "validAfter",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "validBefore",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC3009InvalidSignature",
    "inputs": []
  },
  {
    "type": "error",
    "name": "ERC3009UsedAuthorization",
    "inputs": [
      {
        "name": "authorizer",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "nonce",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "InvalidAccountNonce",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "currentNonce",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "InvalidShortString",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotMinter",
    "inputs": [
      {
        "name": "caller",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "StringTooLong",
    "inputs": [
      {
        "name": "str",
        "type": "string",
        "internalType": "string"
      }
    ]
  }
] as const

export const creationCode =
  '0x6101a0806040523461049d576020816121cb803803809161002082856104a1565b83398101031261049d57516001600160a01b038116810361049d576040516100496040826104a1565b600681526020810165486564646c6560d01b81526040519061006c6040836104a1565b6006825265486564646c6560d01b60208301526040519261008e6040856104a1565b600384526212115160ea1b6020850152604051936100ad6040866104a1565b60018552603160f81b60208601908152845190946001600160401b0382116103985760035490600182811c92168015610493575b602083101461037a5781601f84931161041d575b50602090601f83116001146103b7575f926103ac575b50508160011b915f199060031b1c1916176003555b8051906001600160401b0382116103985760045490600182811c9216801561038e575b602083101461037a5781601f849311610304575b50602090601f831160011461029e575f92610293575b50508160011b915f199060031b1c1916176004555b6b033b2e3c9fd0803ce800000060805261019b816104c4565b610140526101a8846104c4565b6101605251902091826101005251902080610120524660c0526040519060208201927f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f8452604083015260608201524660808201523060a082015260a0815261021260c0826104a1565b51902060a0523060e05261018052604051611c9b90816105308239608051818181610e0f0152610f62015260a051816116ef015260c051816117ac015260e051816116c00152610100518161173e0152610120518161176401526101405181610a9401526101605181610abd015261018051818181610d7c015261125f0152f35b015190505f8061016d565b60045f9081528281209350601f198516905b8181106102ec57509084600195949392106102d4575b505050811b01600455610182565b01515f1960f88460031b161c191690555f80806102c6565b929360206001819287860151815501950193016102b0565b828111156101575760045f52909150601f830160051c7f8a35acfbc15ff81a39ae7d344fd709f28e8600b4aa8c65c6b64bfe7fe36bd19b60208510610372575b849392601f0160051c82900391015f5b828110610362575050610157565b5f81830155859450600101610354565b5f9150610344565b634e487b7160e01b5f52602260045260245ffd5b91607f1691610143565b634e487b7160e01b5f52604160045260245ffd5b015190505f8061010b565b60035f9081528281209350601f198516905b81811061040557509084600195949392106103ed575b505050811b01600355610120565b01515f1960f88460031b161c191690555f80806103df565b929360206001819287860151815501950193016103c9565b828111156100f55760035f52909150601f830160051c7fc2575a0e9e593c00f959f8c92f12db2869c3395a3b0502d05e2516446f71f85b6020851061048b575b849392601f0160051c82900391015f5b82811061047b5750506100f5565b5f8183015585945060010161046d565b5f915061045d565b91607f16916100e1565b5f80fd5b601f909101601f19168101906001600160401b0382119082101761039857604052565b601f8151116104ef5760208151910151602082106104e0571790565b5f198260200360031b1b161790565b604460209160405192839163305a27a960e01b83528160048401528051918291826024860152018484015e5f828201840152601f01601f19168101030190fdfe6080806040526004361015610012575f80fd5b5f3560e01c90816306fdde0314611283575080630754617214611215578063095ea7b3146111d157806318160ddd1461119657806323b872dd14611002578063313ce56714610fc957806332cb6b0c14610f85578063355274ea14610f2d5780633644e51514610eed57806340c10f1914610d2a5780635a049a7014610c5557806370a0823114610bf35780637ecebe0014610b9057806384b0196e14610a5e57806388b7ab631461099457806395d89b4114610833578063a9059cbb146107e4578063b7b72899146106f4578063cf0929951461064c578063d505accf146104dd578063dd62ed3e14610451578063e3ee160e14610370578063e94a0102146102fc5763ef55bec614610124575f80fd5b346102f85761025c61020b61024e73ffffffffffffffffffffffffffffffffffffffff6101df610253610156366114af565b949a979d969895839d8f92959d9394829c8f918f928e9360405196879560208701998a9273ffffffffffffffffffffffffffffffffffffffff60c09592989796938160e087019a7fd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de888521660208701521660408501526060840152608083015260a08201520152565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282611545565b5190206102166116a9565b604291604051917f19010000000000000000000000000000000000000000000000000000000000008352600283015260228201522090565b61190f565b909291926119a9565b1673ffffffffffffffffffffffffffffffffffffffff8716036102d05773ffffffffffffffffffffffffffffffffffffffff8116953387036102a4576102a296506117f0565b005b867fec442f05000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f77c207f4000000000000000000000000000000000000000000000000000000005f5260045ffd5b5f80fd5b346102f85760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f85773ffffffffffffffffffffffffffffffffffffffff61034861139c565b165f52600860205260405f206024355f52602052602060ff60405f2054166040519015158152f35b346102f85761042b61020b61024e73ffffffffffffffffffffffffffffffffffffffff6101df6102536103a2366114af565b949a979d969895839d8f92959d9394829c8f918f928e9360405196879560208701998a9273ffffffffffffffffffffffffffffffffffffffff60c09592989796938160e087019a7f7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a226788521660208701521660408501526060840152608083015260a08201520152565b1673ffffffffffffffffffffffffffffffffffffffff8716036102d0576102a2956117f0565b346102f85760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f85761048861139c565b73ffffffffffffffffffffffffffffffffffffffff6104a56113bf565b91165f52600160205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b346102f85760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f85761051461139c565b61051c6113bf565b604435906064359260843560ff811681036102f857844211610620576105dd61025373ffffffffffffffffffffffffffffffffffffffff9283851697885f52600760205260405f20918254926001840190556040519160208301937f6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c985528b6040850152878a1660608501528a608085015260a084015260c083015260c082526105c760e083611545565b61024e60c4359360a435935190206102166116a9565b168481036105f057506102a29350611892565b84907f4b800e46000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b847f62791302000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346102f8576102a26106ef61066036611410565b9060409892989793979694965160208101906106e6816101df8d8d8d8d8d8d8a9273ffffffffffffffffffffffffffffffffffffffff60c09592989796938160e087019a7f7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a226788521660208701521660408501526060840152608083015260a08201520152565b519020846117d2565b6117f0565b346102f85760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f85761072b61139c565b602435906044359067ffffffffffffffff82116102f857826107be916107586107b99436906004016113e2565b60409591955195602087017f158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429815273ffffffffffffffffffffffffffffffffffffffff851697886040820152866060820152606081526106e6608082611545565b611a81565b7f1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d815f80a3005b346102f85760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f85761082861081e61139c565b60243590336115b3565b602060405160018152f35b346102f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f8576040515f6004548060011c9060018116801561098a575b60208310811461095d5782855290811561091b57506001146108bd575b6108b9836108a581850382611545565b604051918291602083526020830190611359565b0390f35b91905060045f527f8a35acfbc15ff81a39ae7d344fd709f28e8600b4aa8c65c6b64bfe7fe36bd19b915f905b808210610901575090915081016020016108a5610895565b9192600181602092548385880101520191019092916108e9565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660208086019190915291151560051b840190910191506108a59050610895565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602260045260245ffd5b91607f1691610878565b346102f857610a356109a536611410565b908760409993989997949796959651610a2c816101df8c8c8c8c8c60208701998a9273ffffffffffffffffffffffffffffffffffffffff60c09592989796938160e087019a7fd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de888521660208701521660408501526060840152608083015260a08201520152565b519020896117d2565b73ffffffffffffffffffffffffffffffffffffffff8116953387036102a4576102a296506117f0565b346102f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f857610b34610ab87f0000000000000000000000000000000000000000000000000000000000000000611b23565b610ae17f0000000000000000000000000000000000000000000000000000000000000000611b23565b6020610b4260405192610af48385611545565b5f84525f3681376040519586957f0f00000000000000000000000000000000000000000000000000000000000000875260e08588015260e0870190611359565b908582036040870152611359565b4660608501523060808501525f60a085015283810360c08501528180845192838152019301915f5b828110610b7957505050500390f35b835185528695509381019392810192600101610b6a565b346102f85760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f85773ffffffffffffffffffffffffffffffffffffffff610bdc61139c565b165f526007602052602060405f2054604051908152f35b346102f85760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f85773ffffffffffffffffffffffffffffffffffffffff610c3f61139c565b165f525f602052602060405f2054604051908152f35b346102f85760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f857610c8c61139c565b602435906044359060ff821682036102f85773ffffffffffffffffffffffffffffffffffffffff610d1961025360405160208101907f158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a159742982528486169687604083015288606083015260608252610d03608083611545565b61024e60843593606435935190206102166116a9565b1682036102d057826107be91611a81565b346102f85760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f857610d6161139c565b6024359073ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000163303610ec15773ffffffffffffffffffffffffffffffffffffffff16908115610e955760025490808201809211610e685760207fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef915f9360025584845283825260408420818154019055604051908152a37f0000000000000000000000000000000000000000000000000000000000000000600254818111610e3a57005b7f9e79f854000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7fec442f05000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b7f361c31f2000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b346102f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f8576020610f256116a9565b604051908152f35b346102f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f85760206040517f00000000000000000000000000000000000000000000000000000000000000008152f35b346102f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f85760206040516b033b2e3c9fd0803ce80000008152f35b346102f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f857602060405160128152f35b346102f85760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f85761103961139c565b6110416113bf565b6044359073ffffffffffffffffffffffffffffffffffffffff831692835f52600160205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260405f20547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81106110bd575b5061082893506115b3565b83811061116257841561113657331561110a57610828945f52600160205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f526020528360405f2091039055846110b2565b7f94280d62000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b7fe602df05000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b83907ffb8f41b2000000000000000000000000000000000000000000000000000000005f523360045260245260445260645ffd5b346102f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f8576020600254604051908152f35b346102f85760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f85761082861120b61139c565b6024359033611892565b346102f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f857602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b346102f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102f8575f6003548060011c9060018116801561134f575b60208310811461095d5782855290811561091b57506001146112f1576108b9836108a581850382611545565b91905060035f527fc2575a0e9e593c00f959f8c92f12db2869c3395a3b0502d05e2516446f71f85b915f905b808210611335575090915081016020016108a5610895565b91926001816020925483858801015201910190929161131d565b91607f16916112c5565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602080948051918291828752018686015e5f8582860101520116010190565b6004359073ffffffffffffffffffffffffffffffffffffffff821682036102f857565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036102f857565b9181601f840112156102f85782359167ffffffffffffffff83116102f857602083818601950101116102f857565b60e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc8201126102f85760043573ffffffffffffffffffffffffffffffffffffffff811681036102f8579160243573ffffffffffffffffffffffffffffffffffffffff811681036102f8579160443591606435916084359160a4359160c4359067ffffffffffffffff82116102f8576114ab916004016113e2565b9091565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc6101209101126102f85760043573ffffffffffffffffffffffffffffffffffffffff811681036102f8579060243573ffffffffffffffffffffffffffffffffffffffff811681036102f8579060443590606435906084359060a4359060c43560ff811681036102f8579060e435906101043590565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761158657604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b73ffffffffffffffffffffffffffffffffffffffff1690811561167d5773ffffffffffffffffffffffffffffffffffffffff16918215610e9557815f525f60205260405f205481811061164b57817fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef92602092855f525f84520360405f2055845f525f825260405f20818154019055604051908152a3565b827fe450d38c000000000000000000000000000000000000000000000000000000005f5260045260245260445260645ffd5b7f96c6fd1e000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b73ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000163014806117a9575b15611711577f000000000000000000000000000000000000000000000000000000000000000090565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f000000000000000000000000000000000000000000000000000000000000000060408201527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a082015260a081526117a360c082611545565b51902090565b507f000000000000000000000000000000000000000000000000000000000000000046146116e8565b6117e36117e99493926102166116a9565b90611b7a565b156102d057565b919395949092804211801590611888575b61185857506118569495506118168183611a81565b73ffffffffffffffffffffffffffffffffffffffff82167f98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a55f80a36115b3565b565b86907f4a931c17000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b5086421015611801565b73ffffffffffffffffffffffffffffffffffffffff169081156111365773ffffffffffffffffffffffffffffffffffffffff1691821561110a5760207f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b92591835f526001825260405f20855f5282528060405f2055604051908152a3565b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0841161199e579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa15611993575f5173ffffffffffffffffffffffffffffffffffffffff81161561198957905f905f90565b505f906001905f90565b6040513d5f823e3d90fd5b5050505f9160039190565b6004811015611a5457806119bb575050565b600181036119eb577ff645eedf000000000000000000000000000000000000000000000000000000005f5260045ffd5b60028103611a1f57507ffce698f7000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b600314611a295750565b7fd78bce0c000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b73ffffffffffffffffffffffffffffffffffffffff16805f52600860205260405f20825f5260205260ff60405f205416611af5575f52600860205260405f20905f5260205260405f2060017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00825416179055565b7f8f7808c1000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b60ff811690601f8211611b525760405191611b3f604084611545565b6020808452838101919036833783525290565b7fb3512b0c000000000000000000000000000000000000000000000000000000005f5260045ffd5b929190833b611bc45790611b8e9291611c67565b506004811015611a5457159182611ba457505090565b73ffffffffffffffffffffffffffffffffffffffff919250811691161490565b60647fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f855f9660209896604051967f1626ba7e0000000000000000000000000000000000000000000000000000000088526004880152604060248801528160448801528587013786848287010152011601915afa7f1626ba7e000000000000000000000000000000000000000000000000000000005f5114601f3d11161690565b9060418303611c9157611c8a9250602081013591604082359201355f1a9061190f565b9192909190565b50505f916002919056' as const
