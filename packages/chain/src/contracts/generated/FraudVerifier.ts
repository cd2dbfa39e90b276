// Written by scripts/contracts.ts from contracts/; do not edit.
export const abi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "chainId",
        "type": "uint256",
        "internalType": "uint256"
      },
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
    "name": "CHAIN_ID",
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
    "name": "SETTLEMENT",
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
    "name": "equivocation",
    "inputs": [
      {
        "name": "one",
        "type": "tuple",
        "internalType": "struct SignedReceipt",
        "components": [
          {
            "name": "json",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      },
      {
        "name": "other",
        "type": "tuple",
        "internalType": "struct SignedReceipt",
        "components": [
          {
            "name": "json",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "guilty",
        "type": "bool",
        "internalType": "bool"
      },
      {
        "name": "provider",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "malformed",
    "inputs": [
      {
        "name": "signed",
        "type": "tuple",
        "internalType": "struct SignedReceipt",
        "components": [
          {
            "name": "json",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      },
      {
        "name": "head",
        "type": "tuple",
        "internalType": "struct EvidenceLeaf",
        "components": [
          {
            "name": "leaf",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          }
        ]
      },
      {
        "name": "leaf",
        "type": "tuple",
        "internalType": "struct EvidenceLeaf",
        "components": [
          {
            "name": "leaf",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "guilty",
        "type": "bool",
        "internalType": "bool"
      },
      {
        "name": "provider",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "overcharge",
    "inputs": [
      {
        "name": "signed",
        "type": "tuple",
        "internalType": "struct SignedReceipt",
        "components": [
          {
            "name": "json",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      },
      {
        "name": "totalClaimed",
        "type": "uint128",
        "internalType": "uint128"
      }
    ],
    "outputs": [
      {
        "name": "guilty",
        "type": "bool",
        "internalType": "bool"
      },
      {
        "name": "provider",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "overcount",
    "inputs": [
      {
        "name": "signed",
        "type": "tuple",
        "internalType": "struct SignedReceipt",
        "components": [
          {
            "name": "json",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      },
      {
        "name": "head",
        "type": "tuple",
        "internalType": "struct EvidenceLeaf",
        "components": [
          {
            "name": "leaf",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "guilty",
        "type": "bool",
        "internalType": "bool"
      },
      {
        "name": "provider",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "readReceipt",
    "inputs": [
      {
        "name": "signed",
        "type": "tuple",
        "internalType": "struct SignedReceipt",
        "components": [
          {
            "name": "json",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "receipt",
        "type": "tuple",
        "internalType": "struct Receipt",
        "components": [
          {
            "name": "channel",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "sequence",
            "type": "uint256",
            "internalType": "uint256"
          },
          {
            "name": "charge",
            "type": "uint256",
            "internalType": "uint256"
          },
          {
            "name": "charged",
            "type": "uint256",
            "internalType": "uint256"
          },
          {
            "name": "finished",
            "type": "uint256",
            "internalType": "uint256"
          },
          {
            "name": "provider",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "id",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "offer",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "model",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "nonce",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "seed",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "hasSeen",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "seenBlock",
            "type": "uint256",
            "internalType": "uint256"
          },
          {
            "name": "seenHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "hasEvidence",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "evidence",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "prompt",
            "type": "uint256",
            "internalType": "uint256"
          },
          {
            "name": "cached",
            "type": "uint256",
            "internalType": "uint256"
          },
          {
            "name": "completion",
            "type": "uint256",
            "internalType": "uint256"
          },
          {
            "name": "isInference",
            "type": "bool",
            "internalType": "bool"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "redraw",
    "inputs": [
      {
        "name": "signed",
        "type": "tuple",
        "internalType": "struct SignedReceipt",
        "components": [
          {
            "name": "json",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      },
      {
        "name": "head",
        "type": "tuple",
        "internalType": "struct EvidenceLeaf",
        "components": [
          {
            "name": "leaf",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          }
        ]
      },
      {
        "name": "leaf",
        "type": "tuple",
        "internalType": "struct EvidenceLeaf",
        "components": [
          {
            "name": "leaf",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "guilty",
        "type": "bool",
        "internalType": "bool"
      },
      {
        "name": "provider",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "witnessBlock",
    "inputs": [
      {
        "name": "number",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "hash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "witnessClaim",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "totalClaimed",
        "type": "uint128",
        "internalType": "uint128"
      },
      {
        "name": "number",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "witnessed",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "totalClaimed",
        "type": "uint128",
        "internalType": "uint128"
      }
    ],
    "outputs": [
      {
        "name": "number",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "witnessedBlocks",
    "inputs": [
      {
        "name": "number",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "hash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "wrongModel",
    "inputs": [
      {
        "name": "signed",
        "type": "tuple",
        "internalType": "struct SignedReceipt",
        "components": [
          {
            "name": "json",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "path",
            "type": "tuple",
            "internalType": "struct MerklePath",
            "components": [
              {
                "name": "index",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "size",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "siblings",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      },
      {
        "name": "offer",
        "type": "tuple",
        "internalType": "struct SignedOffer",
        "components": [
          {
            "name": "json",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "guilty",
        "type": "bool",
        "internalType": "bool"
      },
      {
        "name": "provider",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "error",
    "name": "BlockNotWitnessed",
    "inputs": []
  },
  {
    "type": "error",
    "name": "DifferentPlaces",
    "inputs": []
  },
  {
    "type": "error",
    "name": "DifferentProviders",
    "inputs": []
  },
  {
    "type": "error",
    "name": "ForeignChain",
    "inputs": []
  },
  {
    "type": "error",
    "name": "ForeignReceipt",
    "inputs": []
  },
  {
    "type": "error",
    "name": "LeafTooLong",
    "inputs": []
  },
  {
    "type": "error",
    "name": "MalformedHead",
    "inputs": []
  },
  {
    "type": "error",
    "name": "MalformedPath",
    "inputs": []
  },
  {
    "type": "error",
    "name": "MalformedPositions",
    "inputs": []
  },
  {
    "type": "error",
    "name": "MalformedText",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NoEvidence",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotInEvidence",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotLaterThanClaim",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotOnThisChain",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotPositions",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotReplayable",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotSignedByProvider",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotTheHead",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotTheOffer",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotWitnessed",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NothingCharged",
    "inputs": []
  },
  {
    "type": "error",
    "name": "UnknownWorkload",
    "inputs": []
  }
] as const

export const creationCode =
  '0x60e0806040523461012757604081615bb5803803809161001f828561012b565b8339810103126101275780516020909101516001600160a01b03811690818103610127578260805260a0526040519060208201927f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f84527f5e045a0bd191ae282fb1867acd0afa14bdaf6829489be0f2f1fd9e2d32f5633160408401527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc66060840152608083015260a082015260a081526100db60c08261012b565b51902060c052604051615a529081610163823960805181818161073f015281816125c00152613df7015260a05181818161026d015281816104c60152612f05015260c0518161334e0152f35b5f80fd5b601f909101601f19168101906001600160401b0382119082101761014e57604052565b634e487b7160e01b5f52604160045260245ffdfe60806040526004361015610011575f80fd5b5f3560e01c806309811a9814610e4057806315cb10b614610c1657806332b7b186146108685780633b5ff422146107bc57806351f5b06a1461076257806385e1f4d01461070a5780638e2071ab146106c257806397c8e08f146105cc578063a3d287bb14610442578063a967237c146103d7578063e981338a14610291578063ef0fe245146102235763f2fcfb08146100a8575f80fd5b3461021f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5760043567ffffffffffffffff811161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc823603011261021f576101246102809160040161250c565b61026060405191805183526020810151602084015260408101516040840152606081015160608401526080810151608084015273ffffffffffffffffffffffffffffffffffffffff60a08201511660a084015260c081015160c084015260e081015160e084015261010081015161010084015261012081015161012084015261014081015161014084015261016081015115156101608401526101808101516101808401526101a08101516101a08401526101c081015115156101c08401526101e08101516101e084015261020081015161020084015261022081015161022084015261024081015161024084015201511515610260820152f35b5f80fd5b3461021f575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f57602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b3461021f576102af6102b66102a536612010565b9291939093613530565b928361361e565b819391936020840167ffffffffffffffff6102d96102d4838861226f565b6122a2565b16610332575050508061030873ffffffffffffffffffffffffffffffffffffffff936101e060a0940151613e46565b01516040805193158452911673ffffffffffffffffffffffffffffffffffffffff16602083015290f35b6103408585949693956136e2565b610348612218565b9361039c575b5050925b808061038f575b1561036e57506103698282613946565b610352565b9273ffffffffffffffffffffffffffffffffffffffff925060a09150610308565b5060208201511515610359565b819295506103ce935067ffffffffffffffff6103c76102d46103bf858996612122565b94909661226f565b169261373a565b9092848061034e565b3461021f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5761040e612103565b6004355f525f6020526fffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b3461021f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5760043561047c613df5565b604051907f7a7ebd7b00000000000000000000000000000000000000000000000000000000825280600483015260408260248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa9081156105c1575f91610578575b60409250805f525f602052825f206fffffffffffffffffffffffffffffffff83165f52602052825f2054908115610547575b506fffffffffffffffffffffffffffffffff8351921682526020820152f35b905043905f525f602052825f206fffffffffffffffffffffffffffffffff83165f52602052825f2043905583610528565b90506040823d6040116105b9575b8161059360409383612173565b8101031261021f576105b36020836105ac60409561244d565b500161244d565b906104f6565b3d9150610586565b6040513d5f823e3d90fd5b3461021f576105e76105ee6105e036611f5e565b9290613530565b918261361e565b91901561069a5761012082015160208301516106169190156106925760ff60015b1690612406565b61024082015111918215610653575b5060a0015160408051921515835273ffffffffffffffffffffffffffffffffffffffff909116602083015290f35b81925060a09061010061068661020073ffffffffffffffffffffffffffffffffffffffff95015161022087015190612440565b91015110929150610625565b60ff5f61060f565b7f7501a959000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461021f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f576004355f526001602052602060405f2054604051908152f35b3461021f575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5760206040517f00000000000000000000000000000000000000000000000000000000000000008152f35b3461021f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f57602060043561079e613df5565b6107a781613d6c565b905f52600182528060405f2055604051908152f35b3461021f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5760043567ffffffffffffffff811161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc823603011261021f5761083e90610835612103565b906004016122b7565b60408051921515835273ffffffffffffffffffffffffffffffffffffffff91909116602083015290f35b3461021f5761087636612010565b909161088c6108855f92613530565b938461361e565b9061089784866136e2565b1561069a57805115610bee5761202093604051916108b58684612173565b61010083527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe060208401960136873760405195610100870187811067ffffffffffffffff821117610bc1576040526303fef9fd87526303fdf43c60208801526303fbe98560408801526303f7d73760608801526303efbf1260808801526303dfc03060a08801526303c0846260c0880152630384f84960e0880152835115610b9457630400000090525f9360015b60088610156109b45763ffffffff8660051b890151165f5b8281106109905750506001958601951b610963565b8082602060019360051b8a01015102601a1c602082860160051b8a0101520161097b565b50836109ea876109c2612218565b50846102d467ffffffffffffffff6103c76109dd8580612122565b939095602081019061226f565b94905b8080610b87575b15610b2a57508451610a068587613946565b908180610b22575b610a19575b506109ed565b60a08601805192955091610a565750610a4d5f5b60808801519260408901519060608a015190519060c08a01519288613c6b565b14159286610a13565b5f602091610160880151907fffffffff0000000000000000000000000000000000000000000000000000000060608a0151917fffff00000000000000000000000000000000000000000000000000000000000060405193878501957f686564646c652f312064726177000000000000000000000000000000000000008752602d86015260f01b16604d84015260e01b16604f82015260338152610afa605382612173565b604051918291518091835e8101838152039060025afa156105c157610a4d5f5160c01c610a2d565b508415610a0e565b90915015610b5f5760a0015160408051921515835273ffffffffffffffffffffffffffffffffffffffff909116602083015290f35b7fab69fe61000000000000000000000000000000000000000000000000000000005f5260045ffd5b50602086015115156109f4565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7f11a74a6d000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461021f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5760043567ffffffffffffffff811161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc82600401923603011261021f576024359067ffffffffffffffff821161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc83600401933603011261021f57610cd38161250c565b610cdc8361250c565b9260a082019273ffffffffffffffffffffffffffffffffffffffff84511673ffffffffffffffffffffffffffffffffffffffff60a08701511603610e18578251855114801590610e06575b610dde57610d3e610d45610d3e83610d5394612122565b36916121b4565b602081519101209280612122565b6020815191012014159283918294610dd1575b5081610dc4575b50610d9c575160408051921515835273ffffffffffffffffffffffffffffffffffffffff909116602083015290f35b7f8b6ce27d000000000000000000000000000000000000000000000000000000005f5260045ffd5b6060915001511583610d6d565b6060015115915084610d66565b7f661c91b1000000000000000000000000000000000000000000000000000000005f5260045ffd5b50602083015160208601511415610d27565b7fb7f1b5e3000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461021f57610e58610e5136611f5e565b9190613530565b60205f610e658480612122565b908160405192839283378101838152039060025afa156105c1575f519160e08201518303611f3657610e95613578565b50610ea08180612122565b929093610eb584610eaf613578565b96613eeb565b7f7b226173736574223a2230780000000000000000000000000000000000000000610ee4602083019687612440565b95511860a01c610fd357602c610efa9101614a99565b507f222c22636861696e4964223a000000000000000000000000000000000000000081511860a01c610fd357600c610f329101614b12565b86527f2c22656e64706f696e74223a220000000000000000000000000000000000000081511860981c610fd357919391600d01610f6d614944565b5093610f77614944565b915f945f945f975b805160f81c602281146111a85760208110610fd357605c8103610ffb5750610fa8600191615783565b9790975b8a60041b99818b60f0031b17996101f0031b179801986101008a11610fd357989795610f7f565b7f1bb2a661000000000000000000000000000000000000000000000000000000005f5260045ffd5b969060808810156110125790600180920197610fac565b805160f81c975060e088101561118d5760ff60015b166001811498895f146111735760ff601f5b8216169960015b8381111561114d5750156111345760805b61d8008b10159081611127575b60c0831092831561111c575b50821561110d575b508115611105575b5080156110f9575b610fd357016001019680620100008110156110a2575b5090600191610fac565b9990506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008d01600a1c61d80001809c8560041b9d8e60f0031b179c6101f0031b1792019a1661dc00019091611098565b506210ffff8911611082565b90508d61107a565b62ffffff168b1091508e611072565b60f71092508f61106a565b61dfff8c1115915061105e565b6002820361114457610800611051565b62010000611051565b9a8b85015160f81c90608060c0831603610fd357603f600192169060061b179b01611040565b600282036111845760ff600f611039565b60ff6007611039565b60f088101561119f5760ff6002611027565b60ff6003611027565b5087865260208601879052604086018990528990600181018a15610fd357517f2c22656e67696e65223a7b226275696c64223a220000000000000000000000001860601c610fd35761120260156112089296949601614b25565b50614973565b93611211614944565b915f945f945f975b805160f81c602281146114195760208110610fd357605c810361126c5750611242600191615783565b9790975b8a60041b99818b60f0031b17996101f0031b1798019860408a11610fd357989795611219565b969060808810156112835790600180920197611246565b805160f81c975060e08810156113fe5760ff60015b166001811498895f146113e45760ff601f5b8216169960015b838111156113be5750156113a55760805b61d8008b10159081611398575b60c0831092831561138d575b50821561137e575b508115611376575b50801561136a575b610fd35701600101968062010000811015611313575b5090600191611246565b9990506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008d01600a1c61d80001809c8560041b9d8e60f0031b179c6101f0031b1792019a1661dc00019091611309565b506210ffff89116112f3565b90508d6112eb565b62ffffff168b1091508e6112e3565b60f71092508f6112db565b61dfff8c111591506112cf565b600282036113b5576108006112c2565b620100006112c2565b9a8b85015160f81c90608060c0831603610fd357603f600192169060061b179b016112b1565b600282036113f55760ff600f6112aa565b60ff60076112aa565b60f08810156114105760ff6002611298565b60ff6003611298565b5089907f7d2c2265787069726573223a0000000000000000000000000000000000000000878b8a8c835260208301526040820152600183019050511860a01c610fd357600d6114689101614b12565b507f2c226578706f73757265223a220000000000000000000000000000000000000081511860981c610fd357600d6114a09101614f5c565b507f222c226665617475726573223a5b00000000000000000000000000000000000081511860901c610fd357600e6114d8910161504e565b7f2c226c696d697473223a7b00000000000000000000000000000000000000000081511860a81c610fd357600b61150f91016150f7565b7f2c226d696e4465706f736974223a22000000000000000000000000000000000081511860881c610fd357600f6115469101614f5c565b507f222c22707269636573223a7b000000000000000000000000000000000000000081511860a01c610fd357600c61157e9101615173565b7f2c2270726f7669646572223a223078000000000000000000000000000000000081511860881c610fd357600f6115b59101614a99565b919073ffffffffffffffffffffffffffffffffffffffff60408701931683527f222c227265636569766572223a2230780000000000000000000000000000000081511860801c610fd357601061160b9101614a99565b507f222c227265636569766572417574686f72697a6572223a22307800000000000081511860301c610fd357601a6116439101614a99565b507f222c22736572766573223a7b22646967657374223a223078000000000000000081511860401c610fd357601861167b91016151dd565b9190606087019283527f222c226e616d65223a220000000000000000000000000000000000000000000081511860b01c610fd3576116c6600a604092016116c0614944565b50614b25565b919091015115610fd35780602c815160f81c14611cb7575b507f7d2c22736574746c656d656e74223a223078000000000000000000000000000081511860701c610fd35760126117169101614a99565b939073ffffffffffffffffffffffffffffffffffffffff60208901951685527f222c2276657273696f6e223a22686564646c652f31220000000000000000000081511860501c610fd3577f2c22776974686472617744656c6179223a00000000000000000000000000000060168201511860781c610fd357602761179a9101614b12565b6103848110908115611caa575b50610fd3576117b5906149a4565b6117bd614944565b50946117c7614944565b945f975f995f9a5b895160f81c9960228b146119ed5760208b10610fd3578c9a605c81036118245750906117fc600192615783565b9c8d919c5b60041b9d8e60f0031b179c6101f0031b179b019b60208d11610fd3579b9a6117cf565b9b9060808d101561183d5760019291838e92019c611801565b8051909c5060f81c9a5060e08b10156119d25760ff60015b16600181149b8c5f146119b3578d9c60ff601f5b8316169d6001905b8482111561198b57505015611970578c60805b61d8008210159182611963575b5060c08310928315611958575b508215611949575b508115611941575b508015611935575b610fd35760018e918d9e01019b620100008110156118db575b50600192918d91611801565b92919c507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008301600a1c61d800019c8d9160041b9d8e60f0031b179c6101f0031b179b6001019b6103ff8d921661dc00019b90918f6118cf565b506210ffff8c116118b6565b90505f6118ae565b62ffffff168e1091505f6118a6565b60f71092505f61189e565b61dfff101591508e611891565b60028203611981578c610800611884565b8c62010000611884565b909e908f015160f81c90608060c0831603610fd357603f600192169060061b179e018f611871565b600282036119c95760ff600f5b908f9e91611869565b60ff60076119c0565b60f08b10156119e45760ff6002611855565b60ff6003611855565b8b8a5260208a0191909152604089018c90528c906001018c15610fd357611a13906149d5565b03610fd357611ba79273ffffffffffffffffffffffffffffffffffffffff611ad892519151166040519060208201927f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f84527f5e045a0bd191ae282fb1867acd0afa14bdaf6829489be0f2f1fd9e2d32f5633160408401527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc66060840152608083015260a082015260a08152611aca60c082612173565b519020916020810190612122565b9173ffffffffffffffffffffffffffffffffffffffff8651169460405160208101917f46e154016091215168ac5c48fdf8a7a08370f431676a877bbaecb3d52036668083527f28bf0e7ef8ed6b6ff710a823b50581926b96df560eed44922320b90d4fca37b46040830152606082015260608152611b57608082612173565b5190206040519060208201927f190100000000000000000000000000000000000000000000000000000000000084526022830152604282015260428152611b9f606282612173565b519020614910565b506004819392931015611c7d571591821592611c5c575b5050611c345773ffffffffffffffffffffffffffffffffffffffff9051169160a082019273ffffffffffffffffffffffffffffffffffffffff84511603610e1857610100919091015190519151604080519390921415835273ffffffffffffffffffffffffffffffffffffffff16602083015290f35b7ff539b8a8000000000000000000000000000000000000000000000000000000005f5260045ffd5b73ffffffffffffffffffffffffffffffffffffffff16141590508480611bbe565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b62278d009150118a6117a7565b80519298939794969594929091507f2c227175616e74697a6174696f6e223a220000000000000000000000000000001860781c610fd357939593601101611cfc614944565b5095611d06614944565b935f965f965f995b805160f81c60228114611f0b5760208110610fd357605c8103611d615750611d37600191615783565b9990995b8c60041b9b818d60f0031b179b6101f0031b179a019a60208c11610fd3579a9997611d0e565b989060808a1015611d785790600180920199611d3b565b805160f81c995060e08a1015611ef05760ff60015b16600181149a8b5f14611ed65760ff601f5b8216169b60015b83811115611eb0575015611e975760805b61d8008d10159081611e8a575b60c08310928315611e7f575b508215611e70575b508115611e68575b508015611e5c575b610fd35701600101988062010000811015611e08575b5090600191611d3b565b9b9190507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008c01600a1c61d800018260041b9b818d60f0031b179b6101f0031b17906001019a6103ff1661dc00018d611dfe565b506210ffff8b11611de8565b90508f611de0565b62ffffff168d1091505f611dd8565b60f71092505f611dd0565b61dfff8e11159150611dc4565b60028203611ea757610800611db7565b62010000611db7565b9c8d85015160f81c90608060c0831603610fd357603f600192169060061b179d01611da6565b60028203611ee75760ff600f611d9f565b60ff6007611d9f565b60f08a1015611f025760ff6002611d8d565b60ff6003611d8d565b5090959a9499929760019297949985526020850152604084019283520191505115610fd357886116de565b7f8677cc97000000000000000000000000000000000000000000000000000000005f5260045ffd5b9060407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc83011261021f5760043567ffffffffffffffff811161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc828503011261021f57600401916024359067ffffffffffffffff821161021f577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc8260409203011261021f5760040190565b60607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc82011261021f5760043567ffffffffffffffff811161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc828403011261021f576004019160243567ffffffffffffffff811161021f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc828503011261021f57600401916044359067ffffffffffffffff821161021f577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc8260409203011261021f5760040190565b602435906fffffffffffffffffffffffffffffffff8216820361021f57565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe18136030182121561021f570180359067ffffffffffffffff821161021f5760200191813603831361021f57565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117610bc157604052565b92919267ffffffffffffffff8211610bc157604051916121fc60207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f8401160184612173565b82948184528183011161021f578281602093845f960137010152565b60405190610120820182811067ffffffffffffffff821117610bc1576040525f61010083828152826020820152606060408201528260608201528260808201528260a08201528260c0820152606060e08201520152565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa18136030182121561021f570190565b3567ffffffffffffffff8116810361021f5790565b6122c09061250c565b9060608201516fffffffffffffffffffffffffffffffff821611156123e45781515f525f6020526fffffffffffffffffffffffffffffffff60405f2091165f5260205260405f205480156123bc57610160820151159081156123ad575b5061238557612330610180820151613d6c565b6101a08201510361235d5760a073ffffffffffffffffffffffffffffffffffffffff910151169060019190565b7f6589e06e000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f164abb7a000000000000000000000000000000000000000000000000000000005f5260045ffd5b9050610180820151105f61231d565b7f3134785d000000000000000000000000000000000000000000000000000000005f5260045ffd5b5060a073ffffffffffffffffffffffffffffffffffffffff91015116905f9190565b9190820391821161241357565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b9190820180921161241357565b51906fffffffffffffffffffffffffffffffff8216820361021f57565b60405190610280820182811067ffffffffffffffff821117610bc1576040525f610260838281528260208201528260408201528260608201528260808201528260a08201528260c08201528260e08201528261010082015282610120820152826101408201528261016082015282610180820152826101a0820152826101c0820152826101e08201528261020082015282610220820152826102408201520152565b9061251561246a565b5061251e61246a565b506125298280612122565b92909161253e8461253861246a565b94613eeb565b7f7b22636861696e4964223a00000000000000000000000000000000000000000061256d602083019687612440565b95511860a81c610fd357602b6125839101614b12565b907f2c226368616e6e656c223a22307800000000000000000000000000000000000081511860901c610fd357600e6125bb91016151dd565b8552907f000000000000000000000000000000000000000000000000000000000000000003613445577f222c22636861726765223a22000000000000000000000000000000000000000081511860a01c610fd357600c61261b9101614f5c565b60408501527f222c2263686172676564223a220000000000000000000000000000000000000081511860981c610fd357600d6126579101614f5c565b60608501527f222c22656e67696e65223a7b226275696c64223a22000000000000000000000081511860581c610fd3576015019290612694614944565b905f935f935f965b805160f81c6022811461289b5760208110610fd357605c81036126ef57506126c5600191615783565b9690965b8960041b98818a60f0031b17986101f0031b1797019760808911610fd35797969461269c565b9590608087101561270657906001809201966126c9565b805160f81c965060e08710156128805760ff60015b166001811497885f146128665760ff601f5b8216169860015b838111156128405750156128275760805b61d8008a1015908161281a575b60c0831092831561280f575b508215612800575b5081156127f8575b5080156127ec575b610fd35701600101958062010000811015612796575b50906001916126c9565b9890506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008c01600a1c61d800018460041b9b818d60f0031b179b6101f0031b179201991661dc0001909161278c565b506210ffff8811612776565b90505f61276e565b62ffffff168a1091505f612766565b60f71092505f61275e565b61dfff8b11159150612752565b6002820361283757610800612745565b62010000612745565b998a85015160f81c90608060c0831603610fd357603f600192169060061b179a01612734565b600282036128775760ff600f61272d565b60ff600761272d565b60f08710156128925760ff600261271b565b60ff600361271b565b50909596600192956128be95949998855260208501526040840152019050614973565b926128c7614944565b905f935f935f965b805160f81c60228114612ace5760208110610fd357605c810361292257506128f8600191615783565b9690965b8960041b98818a60f0031b17986101f0031b1797019760408911610fd3579796946128cf565b9590608087101561293957906001809201966128fc565b805160f81c965060e0871015612ab35760ff60015b166001811497885f14612a995760ff601f5b8216169860015b83811115612a73575015612a5a5760805b61d8008a10159081612a4d575b60c08310928315612a42575b508215612a33575b508115612a2b575b508015612a1f575b610fd357016001019580620100008110156129c9575b50906001916128fc565b9890506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008c01600a1c61d800018460041b9b818d60f0031b179b6101f0031b179201991661dc000190916129bf565b506210ffff88116129a9565b90505f6129a1565b62ffffff168a1091505f612999565b60f71092505f612991565b61dfff8b11159150612985565b60028203612a6a57610800612978565b62010000612978565b998a85015160f81c90608060c0831603610fd357603f600192169060061b179a01612967565b60028203612aaa5760ff600f612960565b60ff6007612960565b60f0871015612ac55760ff600261294e565b60ff600361294e565b509391969095947f7d2c2265766964656e6365223a00000000000000000000000000000000000000939895835260208301526040820152600183019050511860981c610fd357600e810180606e815160f81c145f146134dd5750612b329150614a37565b7f2c2266696e697368223a2200000000000000000000000000000000000000000081511860a81c610fd357600b0180805160f81c607381145f1461346d5750507f73746f700000000000000000000000000000000000000000000000000000000081511860e01c610fd3576004015b7f222c2266696e6973686564223a0000000000000000000000000000000000000081511860981c610fd357600d612bd89101614b12565b60808501527f2c226964223a223078000000000000000000000000000000000000000000000081511860b81c610fd3576009612c1491016151dd565b60c08501527f222c22696e707574223a2230780000000000000000000000000000000000000081511860981c610fd357600d612c5091016151dd565b507f222c226d6f64656c223a2230780000000000000000000000000000000000000081511860981c610fd357600d612c8891016151dd565b6101008501527f222c226e6f6e6365223a2230780000000000000000000000000000000000000081511860981c610fd357600d612cc591016151dd565b6101208501527f222c226f66666572223a2230780000000000000000000000000000000000000081511860981c610fd357600d612d0291016151dd565b60e08501527f222c226f7574707574223a22307800000000000000000000000000000000000081511860901c610fd357600e612d3e91016151dd565b507f222c226f75747075744279746573223a2200000000000000000000000000000081511860781c610fd3576011612d7691016158c3565b507f222c2270726f7669646572223a2230780000000000000000000000000000000081511860801c610fd3576010612dae9101614a99565b939073ffffffffffffffffffffffffffffffffffffffff60a08301951685527f222c2272657175657374223a223078000000000000000000000000000000000081511860881c610fd357600f612e0491016151dd565b507f222c2273656564223a223078000000000000000000000000000000000000000081511860a01c610fd357600c612e3c91016151dd565b6101408301527f222c227365656e223a000000000000000000000000000000000000000000000081511860b81c610fd357816009612e7a92016152a8565b7f2c2273657175656e6365223a220000000000000000000000000000000000000081511860981c610fd357600d612eb191016158c3565b60208301527f222c22736574746c656d656e74223a223078000000000000000000000000000081511860701c610fd3576012612eed9101614a99565b73ffffffffffffffffffffffffffffffffffffffff807f000000000000000000000000000000000000000000000000000000000000000016911603613445577f222c2273746172746564223a000000000000000000000000000000000000000081511860a01c610fd357600c612f639101614b12565b507f2c227573616765223a7b0000000000000000000000000000000000000000000081511860b01c610fd35781600a612f9c9201615376565b7f2c2276657273696f6e223a22686564646c652f3122000000000000000000000081511860581c610fd3576015612fdf9195939501612fd9614944565b506149a4565b93612fe8614944565b915f945f945f975b805160f81c602281146131f05760208110610fd357605c81036130435750613019600191615783565b9790975b8a60041b99818b60f0031b17996101f0031b1798019860208a11610fd357989795612ff0565b9690608088101561305a579060018092019761301d565b805160f81c975060e08810156131d55760ff60015b166001811498895f146131bb5760ff601f5b8216169960015b8381111561319557501561317c5760805b61d8008b1015908161316f575b60c08310928315613164575b508215613155575b50811561314d575b508015613141575b610fd357016001019680620100008110156130ea575b509060019161301d565b9990506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008d01600a1c61d80001809c8560041b9d8e60f0031b179c6101f0031b1792019a1661dc000190916130e0565b506210ffff89116130ca565b90505f6130c2565b62ffffff168b1091505f6130ba565b60f71092505f6130b2565b61dfff8c111591506130a6565b6002820361318c57610800613099565b62010000613099565b9a8b85015160f81c90608060c0831603610fd357603f600192169060061b179b01613088565b600282036131cc5760ff600f613081565b60ff6007613081565b60f08810156131e75760ff600261306f565b60ff600361306f565b506001919693989499959297835260208301938452604083019485520191835115610fd3576009613239945114918261341b575b5081613411575b5015156102608701526149d5565b03610fd3578161324c8161326394612122565b9390602083019461325d868561226f565b916141fe565b92600167ffffffffffffffff613284602061327e858761226f565b016122a2565b16116133c7575b50613386916132b382604073ffffffffffffffffffffffffffffffffffffffff940190612122565b92909151169360405160208101917f46e154016091215168ac5c48fdf8a7a08370f431676a877bbaecb3d52036668083527f837399e622967f92f2ba0d0ab8b41d1b497ed52a31354c945bd675f2657d6dcf604083015260608201526060815261331e608082612173565b51902060405160208101917f190100000000000000000000000000000000000000000000000000000000000083527f00000000000000000000000000000000000000000000000000000000000000006022830152604282015260428152611b9f606282612173565b506004819392931015611c7d5715918215926133a6575b5050611c345790565b73ffffffffffffffffffffffffffffffffffffffff16141590505f8061339d565b916132b3613407839567ffffffffffffffff613400602061327e6133869973ffffffffffffffffffffffffffffffffffffffff9961226f565b1690614528565b949250509161328b565b905051155f61322b565b517e69006e0066006500720065006e0063006500000000000000000000000000001491505f613224565b7f79a56e77000000000000000000000000000000000000000000000000000000005f5260045ffd5b606c036134a857507f6c656e677468000000000000000000000000000000000000000000000000000081511860d01c610fd357600601612ba1565b90507f696e74657272757074656400000000000000000000000000000000000000000081511860a81c610fd357600b01612ba1565b7f2230780000000000000000000000000000000000000000000000000000000000915060016101c0870152511860e81c610fd357613520601161352b92016151dd565b6101e0860152614a06565b612b32565b6135429061353c61246a565b5061250c565b906102608201511561355057565b7f9562bfc7000000000000000000000000000000000000000000000000000000005f5260045ffd5b604051906080820182811067ffffffffffffffff821117610bc1576040525f6060838281528260208201528260408201520152565b604051906101a0820182811067ffffffffffffffff821117610bc1576040525f610180838281528260208201528260408201528260608201528260808201528260a08201528260c08201528260e0820152826101008201528261012082015282610140820152826101608201520152565b906136276135ad565b506101c0820151156136ba576020810167ffffffffffffffff61364d6102d4838561226f565b1661369257613664826101e061368e950151613e46565b67ffffffffffffffff613687602061327e61367f8680612122565b95909661226f565b1691613f1b565b9091565b7f5eca69df000000000000000000000000000000000000000000000000000000005f5260045ffd5b7fea1aa62b000000000000000000000000000000000000000000000000000000005f5260045ffd5b9067ffffffffffffffff6136fc6102d4602084018461226f565b1615613712576101e0613710920151613e46565b565b7f493b4e05000000000000000000000000000000000000000000000000000000005f5260045ffd5b91909392613746612218565b9460068110801561393b575b80156138e8575b6138be578060051161021f57600184013560e01c928160051015610b9457600585013560f81c927fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8101908111612413577f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff811681036124135760051b84148015906138d9575b6138cf57836101206137f3920151612406565b60208110156138c7575b82036138be576020936138119136916121b4565b918552828501526040517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe06120006138498184612173565b60ff835201368483013760408501526140207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe06040519161388a8184612173565b610200835201368483013760e08501528051828201206101008501526026810160a08501528051010160c083015260019190565b505050505f9190565b5060206137fd565b50505050505f9190565b506101208101518410156137e0565b508015610b94577f01000000000000000000000000000000000000000000000000000000000000007fff000000000000000000000000000000000000000000000000000000000000008535161415613759565b5061ffff8111613752565b9060a082015190815160f81c90816060850152600260ff845160f01c169384608087015201928260c08601518511918215613c62575b8215613c54575b8215613c49575b5050613c41575f908190816123fa5b858510613a00575050505050508060a083015263ffffffff600181845116011682527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff60208301510180602084015215918215926139f657505090565b60c0015114919050565b604083959792949698999301519482519686888160031b1b9401906001820194805f1a92607f8411613bc4575b50508460c08d0151108015613bad575b613b9d5789613b4f5750620186a08111613b4057620186a003828110613b38575b50905b5f9260208b0151996101008c01515f52888860031b610100031c60205260405f209360e08d0151945b6020613fe08260051b16870101518d8160181c03613b04578d8c8c60031b610100031c9060181b1714613abf57600101613a8a565b50979350979193909895949a99505b15613af75760019184602060408c01518860051b01015260031b610100031c9301939190613999565b5050505050505050505f90565b50929a97969c9b8a949650613fe0906020939b8b60039c98949c1b610100031c9060181b179360051b160101526001613ace565b91505f613a5e565b50505050955050505050505f90565b95810195838711918215613b78575b5050613b6a5790613a61565b505050955050505050505f90565b15915081613b89575b505f80613b5e565b9050878760031b610100031c11155f613b81565b5050505050955050505050505f90565b5060e0830151898960031b610100031c1015613a3d565b929080965060011a90607f613f808360071b16911617926002810196607f8311613c26575b5050607f8111901517613bfe575b5f80613a2d565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9450613bf7565b909396506003915060021a9586600e1b179201945f80613be9565b505050505f90565b10159050825f61398a565b608084015182119250613983565b8115925061397c565b909295949391955f9681159283613d60579291905f969596935f935b828510613cf6575050505050029060208301519081926001905b80620f4240850210613cdc5750500260401c90915b81831115613cc357505050565b9091936001019360208560051b83010151019190613cb6565b600582901b86016020015190930192600190910190613ca1565b909192939460208660059a999a1b8901016103e88151029183613d3357613d21876001940486614136565b80925201950193929190979697613c87565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b505f9750505050505050565b90815f52600160205260405f2054918215613db3575b508115613d8b57565b7f52343ec2000000000000000000000000000000000000000000000000000000005f5260045ffd5b909150610101814303105f14613dcc57405b905f613d82565b5f525f602052602080805f71f90827f1c53a10cb7a02335b1753200029355afa50602051613dc5565b7f00000000000000000000000000000000000000000000000000000000000000004603613e1e57565b7fc43a3e36000000000000000000000000000000000000000000000000000000005f5260045ffd5b9062020000613e558280612122565b905011613ec3578067ffffffffffffffff613400602061327e613e8e613e7e86613e9498612122565b91908488019261325d848a61226f565b9561226f565b03613e9b57565b7fa76330e5000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f74312ef9000000000000000000000000000000000000000000000000000000005f5260045ffd5b60406020613710929493948583519687928484013781015f838201525f8482015203016020810185520183612173565b9091613f256135ad565b92607c810361412e578235602082106140ff575b60018160f01c148015906140ef575b6140e6576001808260e81c1614855260208501906001808260e01c16148252604086019460ff8260d81c1686528360051015610b9457600581013560f81c9586606089015261ffff8360c01c16918260808a015263ffffffff8460a01c1660a08a015263ffffffff808560801c16948560c08c0152818160601c1660e08c0152818160401c166101008c015260201c1695866101208b015280603c1161021f57601c8201356101408b015280605c1161021f57603c8201356101608b0152607c1161021f57605c01356101808901525195600287149687156140db575b50866140d2575b50856140c6575b856140ba575b50846140ae575b846140a0575b5083614084575b508261405857505091565b909150602081019081811161241357601f019081116124135760051c6001019081600111612413571491565b90925051151580614098575b15915f61404d565b508115614090565b620f4240101593505f614046565b60018110159450614040565b60ff101594505f614039565b60018110159550614033565b1595505f61402c565b60031496505f614025565b505f9492505050565b5061fefe8160e01c161515613f48565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8260200360031b1b16613f39565b505f93915050565b9190916140008310156141e857602090611fe08460051b160101519161010081166141d8575b61020081166141c8575b61040081166141b8575b61080081166141a9575b6110008116614199575b6120001661418e57565b9061489402601a1c90565b621109d7909202601a1c91614184565b91628416a502601a1c9161417a565b9163016fc67202601a1c91614170565b91630265adcc02601a1c91614166565b91630318b8ac02601a1c9161415c565b505f9150565b9190811015610b945760051b0190565b9291909260408201357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe18336030181121561021f5782019182359267ffffffffffffffff841161021f57602001918360051b3603831361021f57602067ffffffffffffffff61426c846122a2565b1692019567ffffffffffffffff614282886122a2565b168310801590614506575b80156144fc575b614369576020915f916142e7602160405183819488830196888852848401378101868382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282612173565b604051918291518091835e8101838152039060025afa156105c1577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff67ffffffffffffffff6143375f51976122a2565b160167ffffffffffffffff81116124135767ffffffffffffffff169290915f915b808310614391575050505061436957565b7fd6c3bc10000000000000000000000000000000000000000000000000000000005f5260045ffd5b90929584929415614369575f6020916001808a161480156144f3575b821461447b576144076144336143c489878a6141ee565b3592604051928391878301958690916041927f01000000000000000000000000000000000000000000000000000000000000008352600183015260218201520190565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282612173565b604051918291518091835e8101838152039060025afa156105c1575f51955b600181161561446e576001905b811c92811c9401919290614358565b60011c9160011c91614452565b6144076144ce61448c89878a6141ee565b35604051928391878301958690916041927f01000000000000000000000000000000000000000000000000000000000000008352600183015260218201520190565b604051918291518091835e8101838152039060025afa156105c15760015f519661445f565b508489146143ad565b5060288511614294565b50661fffffffffffff67ffffffffffffffff614521896122a2565b161161428d565b61478b6fffffffffffffffffffffffffffffffff6146668360801c7f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f7f3030303030303030303030303030303030303030303030303030303030303030918060401b1773ffffffff000000000000000000000000ffffffff7bffffffff000000000000000000000000ffffffff00000000000000008260201b169116178060101b177cff000000ff000000ff000000ff000000ff000000ff000000ff000000ff7eff000000ff000000ff000000ff000000ff000000ff000000ff000000ff00008260081b169116178060041b171660277f01010101010101010101010101010101010101010101010101010101010101017f0606060606060606060606060606060606060606060606060606060606060606830160041c1602010190565b92167f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f7f3030303030303030303030303030303030303030303030303030303030303030918060401b1773ffffffff000000000000000000000000ffffffff7bffffffff000000000000000000000000ffffffff00000000000000008260201b169116178060101b177cff000000ff000000ff000000ff000000ff000000ff000000ff000000ff7eff000000ff000000ff000000ff000000ff000000ff000000ff000000ff00008260081b169116178060041b171660277f01010101010101010101010101010101010101010101010101010101010101017f0606060606060606060606060606060606060606060606060606060606060606830160041c1602010190565b90604051600a7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff608083019560a084016040525f8752955b01948181066030018653049384156147fe577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff600a916147c3565b60209450600160745f956148f0936080817fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0810197030186526040519586928a8401987f7b22726f6f74223a2230780000000000000000000000000000000000000000008a52602b850152604b8401527f222c2273697a65223a0000000000000000000000000000000000000000000000606b8401525180918484015e81017f7d000000000000000000000000000000000000000000000000000000000000008382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1810184520182612173565b604051918291518091835e8101838152039060025afa156105c1575f5190565b906041830361493a576149339250602081013591604082359201355f1a90615219565b9192909190565b50505f9160029190565b604051906060820182811067ffffffffffffffff821117610bc1576040525f6040838281528260208201520152565b7f2c226e616d65223a22000000000000000000000000000000000000000000000081511860b81c610fd35760090190565b7f2c22776f726b6c6f6164223a220000000000000000000000000000000000000081511860981c610fd357600d0190565b7f7d0000000000000000000000000000000000000000000000000000000000000081511860f81c610fd35760010190565b7f220000000000000000000000000000000000000000000000000000000000000081511860f81c610fd35760010190565b7f6e756c6c0000000000000000000000000000000000000000000000000000000081511860e01c610fd35760040190565b7f2c0000000000000000000000000000000000000000000000000000000000000081511860f81c610fd35760010190565b90614aa48251615524565b9290614ad8602083015160c01c7f303030303030303030303030303030303030303030303030000000000000000017615524565b9115908115614b09575b50610fd357602873ffffffffffffffffffffffffffffffffffffffff92019360201b171690565b9050155f614ae2565b614b1b906156c7565b90918115610fd357565b614b2d614944565b915f905f905f935b805160f81c60228114614d345760208110610fd357605c8103614b885750614b5e600191615783565b9390935b8660041b95818760f0031b17956101f0031b1794019460808611610fd357949391614b35565b92906080841015614b9f5790600180920193614b62565b805160f81c935060e0841015614d195760ff60015b166001811494855f14614cff5760ff601f5b8216169560015b83811115614cd9575015614cc05760805b61d8008710159081614cb3575b60c08310928315614ca8575b508215614c99575b508115614c91575b508015614c85575b610fd35701600101928062010000811015614c2f575b5090600191614b62565b9590506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008901600a1c61d800018460041b98818a60f0031b17986101f0031b179201961661dc00019091614c25565b506210ffff8511614c0f565b90505f614c07565b62ffffff16871091505f614bff565b60f71092505f614bf7565b61dfff8811159150614beb565b60028203614cd057610800614bde565b62010000614bde565b968785015160f81c90608060c0831603610fd357603f600192169060061b179701614bcd565b60028203614d105760ff600f614bc6565b60ff6007614bc6565b60f0841015614d2b5760ff6002614bb4565b60ff6003614bb4565b5091600193949194865260208601526040850152019190565b614d55614944565b915f905f905f935b805160f81c60228114614d345760208110610fd357605c8103614db05750614d86600191615783565b9390935b8660041b95818760f0031b17956101f0031b1794019460208611610fd357949391614d5d565b92906080841015614dc75790600180920193614d8a565b805160f81c935060e0841015614f415760ff60015b166001811494855f14614f275760ff601f5b8216169560015b83811115614f01575015614ee85760805b61d8008710159081614edb575b60c08310928315614ed0575b508215614ec1575b508115614eb9575b508015614ead575b610fd35701600101928062010000811015614e57575b5090600191614d8a565b9590506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008901600a1c61d800018460041b98818a60f0031b17986101f0031b179201961661dc00019091614e4d565b506210ffff8511614e37565b90505f614e2f565b62ffffff16871091505f614e27565b60f71092505f614e1f565b61dfff8811159150614e13565b60028203614ef857610800614e06565b62010000614e06565b968785015160f81c90608060c0831603610fd357603f600192169060061b179701614df5565b60028203614f385760ff600f614dee565b60ff6007614dee565b60f0841015614f535760ff6002614ddc565b60ff6003614ddc565b5f91817fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0815160f81c015b600a8110614fdf5750808314908115614fbb575b50610fd3576fffffffffffffffffffffffffffffffff83929311610fd357565b805160f81c603014915081614fd2575b505f614f9b565b600191508303115f614fcb565b600a60019294950201930191602781840311610fd3577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0835160f81c01614f87565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81146124135760010190565b605d815160f81c146150e9576001905b604082111561508f577f1bb2a661000000000000000000000000000000000000000000000000000000005f5260045ffd5b6150ab61509d604092614a06565b6150a5614944565b50614d4d565b919091015115610fd357605d815160f81c146150d9576150cd6150d391614a68565b91615021565b9061505e565b9050600181018091116124135790565b600181018091116124135790565b90607d825160f81c146151645761510c614944565b6001905b60108211610fd3576151319361512a916001841491615970565b93906156c7565b50607d815160f81c14615151576150cd61514a91614a68565b9092615110565b8092935060019150018091116124135790565b90600181018091116124135790565b90607d825160f81c1461516457615188614944565b6001905b60108211610fd3576151b86151ac6151b3956151be936001861491615970565b9590614a06565b614f5c565b50614a06565b607d815160f81c14615151576150cd6151d691614a68565b909261518c565b906151e88251615524565b926151f66020820151615524565b9215908115615210575b50610fd3576040019260801b1790565b9050155f615200565b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0841161529d579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa156105c1575f5173ffffffffffffffffffffffffffffffffffffffff81161561529357905f905f90565b505f906001905f90565b5050505f9160039190565b606e815160f81c146153695760016101608301527f7b22626c6f636b223a000000000000000000000000000000000000000000000081511860b81c610fd35760096152f391016156c7565b6101808301527f2c2268617368223a22307800000000000000000000000000000000000000000081511860a81c610fd357615333600b6101a092016151dd565b91909201527f227d00000000000000000000000000000000000000000000000000000000000081511860f01c610fd35760020190565b6153739150614a37565b90565b9091607d825160f81c146155145761538c614944565b916001925b60108411610fd3576153c66153ba6153c1936153cd936153af614944565b506001881491615970565b9390614a06565b6158c3565b9190614a06565b90826040810151600681148080916154eb575b806154df575b1561542d575050506102008601525b607d815160f81c1461541a5761540d61541391614a68565b93615021565b9290615391565b9250509150600181018091116124135790565b806154b6575b806154aa575b1561544b5750506102208601526153f5565b600a149081615480575b81615473575b50615467575b506153f5565b6102408601525f615461565b602091500151155f61545b565b80517e63006f006d0070006c006500740069006f006e000000000000000000000000149150615455565b50602082015115615439565b507e63006100630068006500640000000000000000000000000000000000000000825114615433565b506020830151156153e6565b507e700072006f006d0070007400000000000000000000000000000000000000008351146153e0565b9150600181018091116124135790565b907f01010101010101010101010101010101010101010101010101010101010101018260061c16600981027f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f841601927f303030303030303030303030303030303030303030303030303030303030303060278302850101149081615676575b508061564c575b6fffffffffffffffffffffffffffffffff90928060041c177cff000000ff000000ff000000ff000000ff000000ff000000ff000000ff7dff000000ff000000ff000000ff000000ff000000ff000000ff000000ff008260081c169116178060101c1773ffffffff000000000000000000000000ffffffff77ffffffff000000000000000000000000ffffffff000000008260201c169116178060401c171690565b507f10101010101010101010101010101010101010101010101010101010101010108216156155ab565b90507f01010101010101010101010101010101010101010101010101010101010101017f0606060606060606060606060606060606060606060606060606060606060606840160041c16145f6155a4565b5f91817fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0815160f81c015b600a8110615741575080831490811561571d575b50610fd357661fffffffffffff83929311610fd357565b805160f81c603014915081615734575b505f615706565b600191508303115f61572d565b600a60019294950201930191601081840311610fd3577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0835160f81c016156f2565b90600182015160f81c6022811480156158b9575b6158b157606281146158a6576074811461589b57606e811461589057606681146158855760721461587b577f5c7530300000000000000000000000000000000000000000000000000000000082511860e01c610fd35761581f600483015160f01c7f303030303030303030303030303030303030303030303030303030303030000017615524565b92906008841015908161586f575b81615863575b15908115615857575b811561584f575b50610fd3576006019190565b90505f615843565b6020851015915061583c565b600b8514159150615833565b600d851115915061582d565b9060020190600d90565b509060020190600c90565b509060020190600a90565b509060020190600990565b509060020190600890565b916002019190565b50605c8114615797565b905f90827fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0815160f81c015b600a811061592e575080841490811561590a575b50610fd357565b805160f81c603014915081615921575b505f615903565b600191508403115f61591a565b600a60019295940201920192601281850311610fd3577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0845160f81c016158ef565b61598361598891949293946151b8614944565b614d4d565b909281937f3a0000000000000000000000000000000000000000000000000000000000000081511860f81c610fd357600183910195159182615a0a575b5050610fd357600960408201511490816159e05750610fd357565b7e5f005f00700072006f0074006f005f005f0000000000000000000000000000915051145f615903565b615a149250615a1c565b15815f6159c5565b8051825190818103615a4b5750506020810151602083015190818103615a4b5750506040809101519101511190565b109291505056' as const
