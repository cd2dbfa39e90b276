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
  '0x60e08060405234610127576040816152dd803803809161001f828561012b565b8339810103126101275780516020909101516001600160a01b03811690818103610127578260805260a0526040519060208201927f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f84527f5e045a0bd191ae282fb1867acd0afa14bdaf6829489be0f2f1fd9e2d32f5633160408401527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc66060840152608083015260a082015260a081526100db60c08261012b565b51902060c05260405161517a9081610163823960805181818161073f01528181611f36015261331e015260a05181818161026d015281816104c6015261242c015260c051816128750152f35b5f80fd5b601f909101601f19168101906001600160401b0382119082101761014e57604052565b634e487b7160e01b5f52604160045260245ffdfe60806040526004361015610011575f80fd5b5f3560e01c806309811a9814610e4357806315cb10b614610c1657806332b7b186146108685780633b5ff422146107bc57806351f5b06a1461076257806385e1f4d01461070a5780638e2071ab146106c257806397c8e08f146105cc578063a3d287bb14610442578063a967237c146103d7578063e981338a14610291578063ef0fe245146102235763f2fcfb08146100a8575f80fd5b3461021f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5760043567ffffffffffffffff811161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc823603011261021f5761012461028091600401611e82565b61026060405191805183526020810151602084015260408101516040840152606081015160608401526080810151608084015273ffffffffffffffffffffffffffffffffffffffff60a08201511660a084015260c081015160c084015260e081015160e084015261010081015161010084015261012081015161012084015261014081015161014084015261016081015115156101608401526101808101516101808401526101a08101516101a08401526101c081015115156101c08401526101e08101516101e084015261020081015161020084015261022081015161022084015261024081015161024084015201511515610260820152f35b5f80fd5b3461021f575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f57602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b3461021f576102af6102b66102a536611986565b9291939093612a57565b9283612b45565b819391936020840167ffffffffffffffff6102d96102d48388611be5565b611c18565b16610332575050508061030873ffffffffffffffffffffffffffffffffffffffff936101e060a094015161336d565b01516040805193158452911673ffffffffffffffffffffffffffffffffffffffff16602083015290f35b610340858594969395612c09565b610348611b8e565b9361039c575b5050925b808061038f575b1561036e57506103698282612e6d565b610352565b9273ffffffffffffffffffffffffffffffffffffffff925060a09150610308565b5060208201511515610359565b819295506103ce935067ffffffffffffffff6103c76102d46103bf858996611a98565b949096611be5565b1692612c61565b9092848061034e565b3461021f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5761040e611a79565b6004355f525f6020526fffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b3461021f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5760043561047c61331c565b604051907f7a7ebd7b00000000000000000000000000000000000000000000000000000000825280600483015260408260248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa9081156105c1575f91610578575b60409250805f525f602052825f206fffffffffffffffffffffffffffffffff83165f52602052825f2054908115610547575b506fffffffffffffffffffffffffffffffff8351921682526020820152f35b905043905f525f602052825f206fffffffffffffffffffffffffffffffff83165f52602052825f2043905583610528565b90506040823d6040116105b9575b8161059360409383611ae9565b8101031261021f576105b36020836105ac604095611dc3565b5001611dc3565b906104f6565b3d9150610586565b6040513d5f823e3d90fd5b3461021f576105e76105ee6105e0366118d4565b9290612a57565b9182612b45565b91901561069a5761012082015160208301516106169190156106925760ff60015b1690611d7c565b61024082015111918215610653575b5060a0015160408051921515835273ffffffffffffffffffffffffffffffffffffffff909116602083015290f35b81925060a09061010061068661020073ffffffffffffffffffffffffffffffffffffffff95015161022087015190611db6565b91015110929150610625565b60ff5f61060f565b7f7501a959000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461021f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f576004355f526001602052602060405f2054604051908152f35b3461021f575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5760206040517f00000000000000000000000000000000000000000000000000000000000000008152f35b3461021f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f57602060043561079e61331c565b6107a781613293565b905f52600182528060405f2055604051908152f35b3461021f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5760043567ffffffffffffffff811161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc823603011261021f5761083e90610835611a79565b90600401611c2d565b60408051921515835273ffffffffffffffffffffffffffffffffffffffff91909116602083015290f35b3461021f5761087636611986565b909161088c6108855f92612a57565b9384612b45565b906108978486612c09565b1561069a57805115610bee5761202093604051916108b58684611ae9565b61010083527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe060208401960136873760405195610100870187811067ffffffffffffffff821117610bc1576040526303fef9fd87526303fdf43c60208801526303fbe98560408801526303f7d73760608801526303efbf1260808801526303dfc03060a08801526303c0846260c0880152630384f84960e0880152835115610b9457630400000090525f9360015b60088610156109b45763ffffffff8660051b890151165f5b8281106109905750506001958601951b610963565b8082602060019360051b8a01015102601a1c602082860160051b8a0101520161097b565b50836109ea876109c2611b8e565b50846102d467ffffffffffffffff6103c76109dd8580611a98565b9390956020810190611be5565b94905b8080610b87575b15610b2a57508451610a068587612e6d565b908180610b22575b610a19575b506109ed565b60a08601805192955091610a565750610a4d5f5b60808801519260408901519060608a015190519060c08a01519288613192565b14159286610a13565b5f602091610160880151907fffffffff0000000000000000000000000000000000000000000000000000000060608a0151917fffff00000000000000000000000000000000000000000000000000000000000060405193878501957f686564646c652f312064726177000000000000000000000000000000000000008752602d86015260f01b16604d84015260e01b16604f82015260338152610afa605382611ae9565b604051918291518091835e8101838152039060025afa156105c157610a4d5f5160c01c610a2d565b508415610a0e565b90915015610b5f5760a0015160408051921515835273ffffffffffffffffffffffffffffffffffffffff909116602083015290f35b7fab69fe61000000000000000000000000000000000000000000000000000000005f5260045ffd5b50602086015115156109f4565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7f11a74a6d000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461021f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261021f5760043567ffffffffffffffff811161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc82600401923603011261021f576024359067ffffffffffffffff821161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc83600401933603011261021f57610cd381611e82565b610cdc83611e82565b9260a082019273ffffffffffffffffffffffffffffffffffffffff84511673ffffffffffffffffffffffffffffffffffffffff60a08701511603610e1b578251855114801590610e09575b610de157610d3e610d45610d3e83610d5394611a98565b3691611b2a565b602081519101209280611a98565b6020815191012014159283918294610dbe575b5050610d96575160408051921515835273ffffffffffffffffffffffffffffffffffffffff909116602083015290f35b7f8b6ce27d000000000000000000000000000000000000000000000000000000005f5260045ffd5b606001511591508115610dd4575b508380610d66565b6060915001511583610dcc565b7f661c91b1000000000000000000000000000000000000000000000000000000005f5260045ffd5b50602083015160208601511415610d27565b7fb7f1b5e3000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461021f57610e5b610e54366118d4565b9190612a57565b9060205f610e698380611a98565b908160405192839283378101838152039060025afa156105c1575f519060e083015182036118ac57610e99612a9f565b50610ea48180611a98565b93610eb785610eb1612a9f565b93613412565b7f7b226173736574223a2230780000000000000000000000000000000000000000610ee6602083019788611db6565b96511860a01c610fd557602c610efc9101613fc0565b507f222c22636861696e4964223a000000000000000000000000000000000000000081511860a01c610fd557600c610f349101614039565b83527f2c22656e64706f696e74223a220000000000000000000000000000000000000081511860981c610fd557919391600d01610f6f613e6b565b5093610f79613e6b565b915f945f945f975b805160f81c602281146111aa5760208110610fd557605c8103610ffd5750610faa600191614eab565b9790975b8a60041b99818b60f0031b17996101f0031b179801986101008a11610fd557989795610f81565b7f1bb2a661000000000000000000000000000000000000000000000000000000005f5260045ffd5b969060808810156110145790600180920197610fae565b805160f81c975060e088101561118f5760ff60015b166001811498895f146111755760ff601f5b8216169960015b8381111561114f5750156111365760805b61d8008b10159081611129575b60c0831092831561111e575b50821561110f575b508115611107575b5080156110fb575b610fd557016001019680620100008110156110a4575b5090600191610fae565b9990506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008d01600a1c61d80001809c8560041b9d8e60f0031b179c6101f0031b1792019a1661dc0001909161109a565b506210ffff8911611084565b90508d61107c565b62ffffff168b1091508e611074565b60f71092508f61106c565b61dfff8c11159150611060565b6002820361114657610800611053565b62010000611053565b9a8b85015160f81c90608060c0831603610fd557603f600192169060061b179b01611042565b600282036111865760ff600f61103b565b60ff600761103b565b60f08810156111a15760ff6002611029565b60ff6003611029565b5087865260208601879052604086018990528990600181018a15610fd557517f2c22656e67696e65223a7b226275696c64223a220000000000000000000000001860601c610fd55761120a611204601561120f930161404c565b50613e9a565b614274565b507f7d2c2265787069726573223a000000000000000000000000000000000000000081511860a01c610fd557600c6112479101614039565b507f2c226578706f73757265223a220000000000000000000000000000000000000081511860981c610fd557600d61127f9101614692565b507f222c226665617475726573223a5b00000000000000000000000000000000000081511860901c610fd557600e6112b79101614784565b7f2c226c696d697473223a7b00000000000000000000000000000000000000000081511860a81c610fd557600b6112ee910161481f565b7f2c226d696e4465706f736974223a22000000000000000000000000000000000081511860881c610fd557600f6113259101614692565b507f222c22707269636573223a7b000000000000000000000000000000000000000081511860a01c610fd557600c61135d910161489b565b7f2c2270726f7669646572223a223078000000000000000000000000000000000081511860881c610fd557600f6113949101613fc0565b939073ffffffffffffffffffffffffffffffffffffffff60408801951685527f222c227265636569766572223a2230780000000000000000000000000000000081511860801c610fd55760106113ea9101613fc0565b507f222c227265636569766572417574686f72697a6572223a22307800000000000081511860301c610fd557601a6114229101613fc0565b507f222c22736572766573223a7b22646967657374223a223078000000000000000081511860401c610fd557601861145a9101614905565b9690606082019788527f222c226e616d65223a220000000000000000000000000000000000000000000081511860b01c610fd5576114a5600a6040920161149f613e6b565b5061404c565b919091015115610fd55780602c815160f81c1461185e575b507f7d2c22736574746c656d656e74223a223078000000000000000000000000000081511860701c610fd55760126114f59101613fc0565b939073ffffffffffffffffffffffffffffffffffffffff60208401951685527f222c2276657273696f6e223a22686564646c652f31220000000000000000000081511860501c610fd5577f2c22776974686472617744656c6179223a00000000000000000000000000000060168201511860781c610fd55760276115799101614039565b6103848110908115611851575b50610fd5576115a7611599604092613ecb565b6115a1613e6b565b50614483565b919091015115610fd5576115ba90613efc565b03610fd55761174e9273ffffffffffffffffffffffffffffffffffffffff61167f92519151166040519060208201927f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f84527f5e045a0bd191ae282fb1867acd0afa14bdaf6829489be0f2f1fd9e2d32f5633160408401527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc66060840152608083015260a082015260a0815261167160c082611ae9565b519020916020810190611a98565b9173ffffffffffffffffffffffffffffffffffffffff8651169460405160208101917f46e154016091215168ac5c48fdf8a7a08370f431676a877bbaecb3d52036668083527f28bf0e7ef8ed6b6ff710a823b50581926b96df560eed44922320b90d4fca37b460408301526060820152606081526116fe608082611ae9565b5190206040519060208201927f190100000000000000000000000000000000000000000000000000000000000084526022830152604282015260428152611746606282611ae9565b519020613e37565b506004819392931015611824571591821592611803575b50506117db5773ffffffffffffffffffffffffffffffffffffffff9051169160a082019273ffffffffffffffffffffffffffffffffffffffff84511603610e1b57610100919091015190519151604080519390921415835273ffffffffffffffffffffffffffffffffffffffff16602083015290f35b7ff539b8a8000000000000000000000000000000000000000000000000000000005f5260045ffd5b73ffffffffffffffffffffffffffffffffffffffff16141590508480611765565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b62278d009150118a611586565b90507f2c227175616e74697a6174696f6e223a2200000000000000000000000000000081511860781c610fd55761189c6011604092016115a1613e6b565b919091015115610fd557886114bd565b7f8677cc97000000000000000000000000000000000000000000000000000000005f5260045ffd5b9060407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc83011261021f5760043567ffffffffffffffff811161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc828503011261021f57600401916024359067ffffffffffffffff821161021f577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc8260409203011261021f5760040190565b60607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc82011261021f5760043567ffffffffffffffff811161021f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc828403011261021f576004019160243567ffffffffffffffff811161021f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc828503011261021f57600401916044359067ffffffffffffffff821161021f577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc8260409203011261021f5760040190565b602435906fffffffffffffffffffffffffffffffff8216820361021f57565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe18136030182121561021f570180359067ffffffffffffffff821161021f5760200191813603831361021f57565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117610bc157604052565b92919267ffffffffffffffff8211610bc15760405191611b7260207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f8401160184611ae9565b82948184528183011161021f578281602093845f960137010152565b60405190610120820182811067ffffffffffffffff821117610bc1576040525f61010083828152826020820152606060408201528260608201528260808201528260a08201528260c0820152606060e08201520152565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa18136030182121561021f570190565b3567ffffffffffffffff8116810361021f5790565b611c3690611e82565b9060608201516fffffffffffffffffffffffffffffffff82161115611d5a5781515f525f6020526fffffffffffffffffffffffffffffffff60405f2091165f5260205260405f20548015611d325761016082015115908115611d23575b50611cfb57611ca6610180820151613293565b6101a082015103611cd35760a073ffffffffffffffffffffffffffffffffffffffff910151169060019190565b7f6589e06e000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f164abb7a000000000000000000000000000000000000000000000000000000005f5260045ffd5b9050610180820151105f611c93565b7f3134785d000000000000000000000000000000000000000000000000000000005f5260045ffd5b5060a073ffffffffffffffffffffffffffffffffffffffff91015116905f9190565b91908203918211611d8957565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b91908201809211611d8957565b51906fffffffffffffffffffffffffffffffff8216820361021f57565b60405190610280820182811067ffffffffffffffff821117610bc1576040525f610260838281528260208201528260408201528260608201528260808201528260a08201528260c08201528260e08201528261010082015282610120820152826101408201528261016082015282610180820152826101a0820152826101c0820152826101e08201528261020082015282610220820152826102408201520152565b90611e8b611de0565b50611e94611de0565b50611e9f8280611a98565b929091611eb484611eae611de0565b94613412565b7f7b22636861696e4964223a000000000000000000000000000000000000000000611ee3602083019687611db6565b95511860a81c610fd557602b611ef99101614039565b907f2c226368616e6e656c223a22307800000000000000000000000000000000000081511860901c610fd557600e611f319101614905565b8552907f00000000000000000000000000000000000000000000000000000000000000000361296c577f222c22636861726765223a22000000000000000000000000000000000000000081511860a01c610fd557600c611f919101614692565b60408501527f222c2263686172676564223a220000000000000000000000000000000000000081511860981c610fd557600d611fcd9101614692565b60608501527f222c22656e67696e65223a7b226275696c64223a22000000000000000000000081511860581c610fd55761120a611204601561200f930161404c565b507f7d2c2265766964656e6365223a0000000000000000000000000000000000000081511860981c610fd557600d810180606e815160f81c145f14612a0457506120599150613f5e565b7f2c2266696e697368223a2200000000000000000000000000000000000000000081511860a81c610fd557600b0180805160f81c607381145f146129945750507f73746f700000000000000000000000000000000000000000000000000000000081511860e01c610fd5576004015b7f222c2266696e6973686564223a0000000000000000000000000000000000000081511860981c610fd557600d6120ff9101614039565b60808501527f2c226964223a223078000000000000000000000000000000000000000000000081511860b81c610fd557600961213b9101614905565b60c08501527f222c22696e707574223a2230780000000000000000000000000000000000000081511860981c610fd557600d6121779101614905565b507f222c226d6f64656c223a2230780000000000000000000000000000000000000081511860981c610fd557600d6121af9101614905565b6101008501527f222c226e6f6e6365223a2230780000000000000000000000000000000000000081511860981c610fd557600d6121ec9101614905565b6101208501527f222c226f66666572223a2230780000000000000000000000000000000000000081511860981c610fd557600d6122299101614905565b60e08501527f222c226f7574707574223a22307800000000000000000000000000000000000081511860901c610fd557600e6122659101614905565b507f222c226f75747075744279746573223a2200000000000000000000000000000081511860781c610fd557601161229d9101614feb565b507f222c2270726f7669646572223a2230780000000000000000000000000000000081511860801c610fd55760106122d59101613fc0565b939073ffffffffffffffffffffffffffffffffffffffff60a08301951685527f222c2272657175657374223a223078000000000000000000000000000000000081511860881c610fd557600f61232b9101614905565b507f222c2273656564223a223078000000000000000000000000000000000000000081511860a01c610fd557600c6123639101614905565b6101408301527f222c227365656e223a000000000000000000000000000000000000000000000081511860b81c610fd5578160096123a192016149d0565b7f2c2273657175656e6365223a220000000000000000000000000000000000000081511860981c610fd557600d6123d89101614feb565b60208301527f222c22736574746c656d656e74223a223078000000000000000000000000000081511860701c610fd55760126124149101613fc0565b73ffffffffffffffffffffffffffffffffffffffff807f00000000000000000000000000000000000000000000000000000000000000001691160361296c577f222c2273746172746564223a000000000000000000000000000000000000000081511860a01c610fd557600c61248a9101614039565b507f2c227573616765223a7b0000000000000000000000000000000000000000000081511860b01c610fd55781600a6124c39201614a9e565b7f2c2276657273696f6e223a22686564646c652f3122000000000000000000000081511860581c610fd55760156125069195939501612500613e6b565b50613ecb565b9361250f613e6b565b915f945f945f975b805160f81c602281146127175760208110610fd557605c810361256a5750612540600191614eab565b9790975b8a60041b99818b60f0031b17996101f0031b1798019860208a11610fd557989795612517565b969060808810156125815790600180920197612544565b805160f81c975060e08810156126fc5760ff60015b166001811498895f146126e25760ff601f5b8216169960015b838111156126bc5750156126a35760805b61d8008b10159081612696575b60c0831092831561268b575b50821561267c575b508115612674575b508015612668575b610fd55701600101968062010000811015612611575b5090600191612544565b9990506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008d01600a1c61d80001809c8560041b9d8e60f0031b179c6101f0031b1792019a1661dc00019091612607565b506210ffff89116125f1565b90505f6125e9565b62ffffff168b1091505f6125e1565b60f71092505f6125d9565b61dfff8c111591506125cd565b600282036126b3576108006125c0565b620100006125c0565b9a8b85015160f81c90608060c0831603610fd557603f600192169060061b179b016125af565b600282036126f35760ff600f6125a8565b60ff60076125a8565b60f088101561270e5760ff6002612596565b60ff6003612596565b506001919693989499959297835260208301938452604083019485520191835115610fd55760096127609451149182612942575b5081612938575b501515610260870152613efc565b03610fd557816127738161278a94611a98565b939060208301946127848685611be5565b91613725565b92600167ffffffffffffffff6127ab60206127a58587611be5565b01611c18565b16116128ee575b506128ad916127da82604073ffffffffffffffffffffffffffffffffffffffff940190611a98565b92909151169360405160208101917f46e154016091215168ac5c48fdf8a7a08370f431676a877bbaecb3d52036668083527f837399e622967f92f2ba0d0ab8b41d1b497ed52a31354c945bd675f2657d6dcf6040830152606082015260608152612845608082611ae9565b51902060405160208101917f190100000000000000000000000000000000000000000000000000000000000083527f00000000000000000000000000000000000000000000000000000000000000006022830152604282015260428152611746606282611ae9565b5060048193929310156118245715918215926128cd575b50506117db5790565b73ffffffffffffffffffffffffffffffffffffffff16141590505f806128c4565b916127da61292e839567ffffffffffffffff61292760206127a56128ad9973ffffffffffffffffffffffffffffffffffffffff99611be5565b1690613a4f565b94925050916127b2565b905051155f612752565b517e69006e0066006500720065006e0063006500000000000000000000000000001491505f61274b565b7f79a56e77000000000000000000000000000000000000000000000000000000005f5260045ffd5b606c036129cf57507f6c656e677468000000000000000000000000000000000000000000000000000081511860d01c610fd5576006016120c8565b90507f696e74657272757074656400000000000000000000000000000000000000000081511860a81c610fd557600b016120c8565b7f2230780000000000000000000000000000000000000000000000000000000000915060016101c0870152511860e81c610fd557612a476010612a529201614905565b6101e0860152613f2d565b612059565b612a6990612a63611de0565b50611e82565b9061026082015115612a7757565b7f9562bfc7000000000000000000000000000000000000000000000000000000005f5260045ffd5b604051906080820182811067ffffffffffffffff821117610bc1576040525f6060838281528260208201528260408201520152565b604051906101a0820182811067ffffffffffffffff821117610bc1576040525f610180838281528260208201528260408201528260608201528260808201528260a08201528260c08201528260e0820152826101008201528261012082015282610140820152826101608201520152565b90612b4e612ad4565b506101c082015115612be1576020810167ffffffffffffffff612b746102d48385611be5565b16612bb957612b8b826101e0612bb595015161336d565b67ffffffffffffffff612bae60206127a5612ba68680611a98565b959096611be5565b1691613442565b9091565b7f5eca69df000000000000000000000000000000000000000000000000000000005f5260045ffd5b7fea1aa62b000000000000000000000000000000000000000000000000000000005f5260045ffd5b9067ffffffffffffffff612c236102d46020840184611be5565b1615612c39576101e0612c3792015161336d565b565b7f493b4e05000000000000000000000000000000000000000000000000000000005f5260045ffd5b91909392612c6d611b8e565b94600681108015612e62575b8015612e0f575b612de5578060051161021f57600184013560e01c928160051015610b9457600585013560f81c927fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8101908111611d89577f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81168103611d895760051b8414801590612e00575b612df65783610120612d1a920151611d7c565b6020811015612dee575b8203612de557602093612d38913691611b2a565b918552828501526040517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0612000612d708184611ae9565b60ff835201368483013760408501526140207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe060405191612db18184611ae9565b610200835201368483013760e08501528051828201206101008501526026810160a08501528051010160c083015260019190565b505050505f9190565b506020612d24565b50505050505f9190565b50610120810151841015612d07565b508015610b94577f01000000000000000000000000000000000000000000000000000000000000007fff000000000000000000000000000000000000000000000000000000000000008535161415612c80565b5061ffff8111612c79565b9060a082015190815160f81c90816060850152600260ff845160f01c169384608087015201928260c08601518511918215613189575b821561317b575b8215613170575b5050613168575f908190816123fa5b858510612f27575050505050508060a083015263ffffffff600181845116011682527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff6020830151018060208401521591821592612f1d57505090565b60c0015114919050565b604083959792949698999301519482519686888160031b1b9401906001820194805f1a92607f84116130eb575b50508460c08d01511080156130d4575b6130c457896130765750620186a0811161306757620186a00382811061305f575b50905b5f9260208b0151996101008c01515f52888860031b610100031c60205260405f209360e08d0151945b6020613fe08260051b16870101518d8160181c0361302b578d8c8c60031b610100031c9060181b1714612fe657600101612fb1565b50979350979193909895949a99505b1561301e5760019184602060408c01518860051b01015260031b610100031c9301939190612ec0565b5050505050505050505f90565b50929a97969c9b8a949650613fe0906020939b8b60039c98949c1b610100031c9060181b179360051b160101526001612ff5565b91505f612f85565b50505050955050505050505f90565b9581019583871191821561309f575b50506130915790612f88565b505050955050505050505f90565b159150816130b0575b505f80613085565b9050878760031b610100031c11155f6130a8565b5050505050955050505050505f90565b5060e0830151898960031b610100031c1015612f64565b929080965060011a90607f613f808360071b16911617926002810196607f831161314d575b5050607f8111901517613125575b5f80612f54565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff945061311e565b909396506003915060021a9586600e1b179201945f80613110565b505050505f90565b10159050825f612eb1565b608084015182119250612eaa565b81159250612ea3565b909295949391955f9681159283613287579291905f969596935f935b82851061321d575050505050029060208301519081926001905b80620f42408502106132035750500260401c90915b818311156131ea57505050565b9091936001019360208560051b830101510191906131dd565b600582901b860160200151909301926001909101906131c8565b909192939460208660059a999a1b8901016103e8815102918361325a5761324887600194048661365d565b809252019501939291909796976131ae565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b505f9750505050505050565b90815f52600160205260405f20549182156132da575b5081156132b257565b7f52343ec2000000000000000000000000000000000000000000000000000000005f5260045ffd5b909150610101814303105f146132f357405b905f6132a9565b5f525f602052602080805f71f90827f1c53a10cb7a02335b1753200029355afa506020516132ec565b7f0000000000000000000000000000000000000000000000000000000000000000460361334557565b7fc43a3e36000000000000000000000000000000000000000000000000000000005f5260045ffd5b906202000061337c8280611a98565b9050116133ea578067ffffffffffffffff61292760206127a56133b56133a5866133bb98611a98565b919084880192612784848a611be5565b95611be5565b036133c257565b7fa76330e5000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f74312ef9000000000000000000000000000000000000000000000000000000005f5260045ffd5b60406020612c37929493948583519687928484013781015f838201525f8482015203016020810185520183611ae9565b909161344c612ad4565b92607c810361365557823560208210613626575b60018160f01c14801590613616575b61360d576001808260e81c1614855260208501906001808260e01c16148252604086019460ff8260d81c1686528360051015610b9457600581013560f81c9586606089015261ffff8360c01c16918260808a015263ffffffff8460a01c1660a08a015263ffffffff808560801c16948560c08c0152818160601c1660e08c0152818160401c166101008c015260201c1695866101208b015280603c1161021f57601c8201356101408b015280605c1161021f57603c8201356101608b0152607c1161021f57605c0135610180890152519560028714968715613602575b50866135f9575b50856135ed575b856135e1575b50846135d5575b846135c7575b50836135ab575b508261357f57505091565b9091506020810190818111611d8957601f01908111611d895760051c6001019081600111611d89571491565b909250511515806135bf575b15915f613574565b5081156135b7565b620f4240101593505f61356d565b60018110159450613567565b60ff101594505f613560565b6001811015955061355a565b1595505f613553565b60031496505f61354c565b505f9492505050565b5061fefe8160e01c16151561346f565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8260200360031b1b16613460565b505f93915050565b91909161400083101561370f57602090611fe08460051b160101519161010081166136ff575b61020081166136ef575b61040081166136df575b61080081166136d0575b61100081166136c0575b612000166136b557565b9061489402601a1c90565b621109d7909202601a1c916136ab565b91628416a502601a1c916136a1565b9163016fc67202601a1c91613697565b91630265adcc02601a1c9161368d565b91630318b8ac02601a1c91613683565b505f9150565b9190811015610b945760051b0190565b9291909260408201357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe18336030181121561021f5782019182359267ffffffffffffffff841161021f57602001918360051b3603831361021f57602067ffffffffffffffff61379384611c18565b1692019567ffffffffffffffff6137a988611c18565b168310801590613a2d575b8015613a23575b613890576020915f9161380e602160405183819488830196888852848401378101868382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282611ae9565b604051918291518091835e8101838152039060025afa156105c1577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff67ffffffffffffffff61385e5f5197611c18565b160167ffffffffffffffff8111611d895767ffffffffffffffff169290915f915b8083106138b8575050505061389057565b7fd6c3bc10000000000000000000000000000000000000000000000000000000005f5260045ffd5b90929584929415613890575f6020916001808a16148015613a1a575b82146139a25761392e61395a6138eb89878a613715565b3592604051928391878301958690916041927f01000000000000000000000000000000000000000000000000000000000000008352600183015260218201520190565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282611ae9565b604051918291518091835e8101838152039060025afa156105c1575f51955b6001811615613995576001905b811c92811c940191929061387f565b60011c9160011c91613979565b61392e6139f56139b389878a613715565b35604051928391878301958690916041927f01000000000000000000000000000000000000000000000000000000000000008352600183015260218201520190565b604051918291518091835e8101838152039060025afa156105c15760015f5196613986565b508489146138d4565b50602885116137bb565b50661fffffffffffff67ffffffffffffffff613a4889611c18565b16116137b4565b613cb26fffffffffffffffffffffffffffffffff613b8d8360801c7f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f7f3030303030303030303030303030303030303030303030303030303030303030918060401b1773ffffffff000000000000000000000000ffffffff7bffffffff000000000000000000000000ffffffff00000000000000008260201b169116178060101b177cff000000ff000000ff000000ff000000ff000000ff000000ff000000ff7eff000000ff000000ff000000ff000000ff000000ff000000ff000000ff00008260081b169116178060041b171660277f01010101010101010101010101010101010101010101010101010101010101017f0606060606060606060606060606060606060606060606060606060606060606830160041c1602010190565b92167f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f7f3030303030303030303030303030303030303030303030303030303030303030918060401b1773ffffffff000000000000000000000000ffffffff7bffffffff000000000000000000000000ffffffff00000000000000008260201b169116178060101b177cff000000ff000000ff000000ff000000ff000000ff000000ff000000ff7eff000000ff000000ff000000ff000000ff000000ff000000ff000000ff00008260081b169116178060041b171660277f01010101010101010101010101010101010101010101010101010101010101017f0606060606060606060606060606060606060606060606060606060606060606830160041c1602010190565b90604051600a7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff608083019560a084016040525f8752955b0194818106603001865304938415613d25577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff600a91613cea565b60209450600160745f95613e17936080817fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0810197030186526040519586928a8401987f7b22726f6f74223a2230780000000000000000000000000000000000000000008a52602b850152604b8401527f222c2273697a65223a0000000000000000000000000000000000000000000000606b8401525180918484015e81017f7d000000000000000000000000000000000000000000000000000000000000008382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1810184520182611ae9565b604051918291518091835e8101838152039060025afa156105c1575f5190565b9060418303613e6157613e5a9250602081013591604082359201355f1a90614941565b9192909190565b50505f9160029190565b604051906060820182811067ffffffffffffffff821117610bc1576040525f6040838281528260208201520152565b7f2c226e616d65223a22000000000000000000000000000000000000000000000081511860b81c610fd55760090190565b7f2c22776f726b6c6f6164223a220000000000000000000000000000000000000081511860981c610fd557600d0190565b7f7d0000000000000000000000000000000000000000000000000000000000000081511860f81c610fd55760010190565b7f220000000000000000000000000000000000000000000000000000000000000081511860f81c610fd55760010190565b7f6e756c6c0000000000000000000000000000000000000000000000000000000081511860e01c610fd55760040190565b7f2c0000000000000000000000000000000000000000000000000000000000000081511860f81c610fd55760010190565b90613fcb8251614c4c565b9290613fff602083015160c01c7f303030303030303030303030303030303030303030303030000000000000000017614c4c565b9115908115614030575b50610fd557602873ffffffffffffffffffffffffffffffffffffffff92019360201b171690565b9050155f614009565b61404290614def565b90918115610fd557565b614054613e6b565b915f905f905f935b805160f81c6022811461425b5760208110610fd557605c81036140af5750614085600191614eab565b9390935b8660041b95818760f0031b17956101f0031b1794019460808611610fd55794939161405c565b929060808410156140c65790600180920193614089565b805160f81c935060e08410156142405760ff60015b166001811494855f146142265760ff601f5b8216169560015b838111156142005750156141e75760805b61d80087101590816141da575b60c083109283156141cf575b5082156141c0575b5081156141b8575b5080156141ac575b610fd55701600101928062010000811015614156575b5090600191614089565b9590506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008901600a1c61d800018460041b98818a60f0031b17986101f0031b179201961661dc0001909161414c565b506210ffff8511614136565b90505f61412e565b62ffffff16871091505f614126565b60f71092505f61411e565b61dfff8811159150614112565b600282036141f757610800614105565b62010000614105565b968785015160f81c90608060c0831603610fd557603f600192169060061b1797016140f4565b600282036142375760ff600f6140ed565b60ff60076140ed565b60f08410156142525760ff60026140db565b60ff60036140db565b5091600193949194865260208601526040850152019190565b61427c613e6b565b915f905f905f935b805160f81c6022811461425b5760208110610fd557605c81036142d757506142ad600191614eab565b9390935b8660041b95818760f0031b17956101f0031b1794019460408611610fd557949391614284565b929060808410156142ee57906001809201936142b1565b805160f81c935060e08410156144685760ff60015b166001811494855f1461444e5760ff601f5b8216169560015b8381111561442857501561440f5760805b61d8008710159081614402575b60c083109283156143f7575b5082156143e8575b5081156143e0575b5080156143d4575b610fd5570160010192806201000081101561437e575b50906001916142b1565b9590506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008901600a1c61d800018460041b98818a60f0031b17986101f0031b179201961661dc00019091614374565b506210ffff851161435e565b90505f614356565b62ffffff16871091505f61434e565b60f71092505f614346565b61dfff881115915061433a565b6002820361441f5761080061432d565b6201000061432d565b968785015160f81c90608060c0831603610fd557603f600192169060061b17970161431c565b6002820361445f5760ff600f614315565b60ff6007614315565b60f084101561447a5760ff6002614303565b60ff6003614303565b61448b613e6b565b915f905f905f935b805160f81c6022811461425b5760208110610fd557605c81036144e657506144bc600191614eab565b9390935b8660041b95818760f0031b17956101f0031b1794019460208611610fd557949391614493565b929060808410156144fd57906001809201936144c0565b805160f81c935060e08410156146775760ff60015b166001811494855f1461465d5760ff601f5b8216169560015b8381111561463757501561461e5760805b61d8008710159081614611575b60c08310928315614606575b5082156145f7575b5081156145ef575b5080156145e3575b610fd5570160010192806201000081101561458d575b50906001916144c0565b9590506103ff600180937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008901600a1c61d800018460041b98818a60f0031b17986101f0031b179201961661dc00019091614583565b506210ffff851161456d565b90505f614565565b62ffffff16871091505f61455d565b60f71092505f614555565b61dfff8811159150614549565b6002820361462e5761080061453c565b6201000061453c565b968785015160f81c90608060c0831603610fd557603f600192169060061b17970161452b565b6002820361466e5760ff600f614524565b60ff6007614524565b60f08410156146895760ff6002614512565b60ff6003614512565b5f91817fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0815160f81c015b600a811061471557508083149081156146f1575b50610fd5576fffffffffffffffffffffffffffffffff83929311610fd557565b805160f81c603014915081614708575b505f6146d1565b600191508303115f614701565b600a60019294950201930191602781840311610fd5577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0835160f81c016146bd565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8114611d895760010190565b605d815160f81c14614811576001905b60408211156147c5577f1bb2a661000000000000000000000000000000000000000000000000000000005f5260045ffd5b6147d3611599604092613f2d565b919091015115610fd557605d815160f81c14614801576147f56147fb91613f8f565b91614757565b90614794565b905060018101809111611d895790565b60018101809111611d895790565b90607d825160f81c1461488c57614834613e6b565b6001905b60108211610fd55761485993614852916001841491615098565b9390614def565b50607d815160f81c14614879576147f561487291613f8f565b9092614838565b809293506001915001809111611d895790565b9060018101809111611d895790565b90607d825160f81c1461488c576148b0613e6b565b6001905b60108211610fd5576148e06148d46148db956148e6936001861491615098565b9590613f2d565b614692565b50613f2d565b607d815160f81c14614879576147f56148fe91613f8f565b90926148b4565b906149108251614c4c565b9261491e6020820151614c4c565b9215908115614938575b50610fd5576040019260801b1790565b9050155f614928565b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a084116149c5579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa156105c1575f5173ffffffffffffffffffffffffffffffffffffffff8116156149bb57905f905f90565b505f906001905f90565b5050505f9160039190565b606e815160f81c14614a915760016101608301527f7b22626c6f636b223a000000000000000000000000000000000000000000000081511860b81c610fd5576009614a1b9101614def565b6101808301527f2c2268617368223a22307800000000000000000000000000000000000000000081511860a81c610fd557614a5b600b6101a09201614905565b91909201527f227d00000000000000000000000000000000000000000000000000000000000081511860f01c610fd55760020190565b614a9b9150613f5e565b90565b9091607d825160f81c14614c3c57614ab4613e6b565b916001925b60108411610fd557614aee614ae2614ae993614af593614ad7613e6b565b506001881491615098565b9390613f2d565b614feb565b9190613f2d565b9082604081015160068114808091614c13575b80614c07575b15614b55575050506102008601525b607d815160f81c14614b4257614b35614b3b91613f8f565b93614757565b9290614ab9565b925050915060018101809111611d895790565b80614bde575b80614bd2575b15614b73575050610220860152614b1d565b600a149081614ba8575b81614b9b575b50614b8f575b50614b1d565b6102408601525f614b89565b602091500151155f614b83565b80517e63006f006d0070006c006500740069006f006e000000000000000000000000149150614b7d565b50602082015115614b61565b507e63006100630068006500640000000000000000000000000000000000000000825114614b5b565b50602083015115614b0e565b507e700072006f006d007000740000000000000000000000000000000000000000835114614b08565b915060018101809111611d895790565b907f01010101010101010101010101010101010101010101010101010101010101018260061c16600981027f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f841601927f303030303030303030303030303030303030303030303030303030303030303060278302850101149081614d9e575b5080614d74575b6fffffffffffffffffffffffffffffffff90928060041c177cff000000ff000000ff000000ff000000ff000000ff000000ff000000ff7dff000000ff000000ff000000ff000000ff000000ff000000ff000000ff008260081c169116178060101c1773ffffffff000000000000000000000000ffffffff77ffffffff000000000000000000000000ffffffff000000008260201c169116178060401c171690565b507f1010101010101010101010101010101010101010101010101010101010101010821615614cd3565b90507f01010101010101010101010101010101010101010101010101010101010101017f0606060606060606060606060606060606060606060606060606060606060606840160041c16145f614ccc565b5f91817fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0815160f81c015b600a8110614e695750808314908115614e45575b50610fd557661fffffffffffff83929311610fd557565b805160f81c603014915081614e5c575b505f614e2e565b600191508303115f614e55565b600a60019294950201930191601081840311610fd5577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0835160f81c01614e1a565b90600182015160f81c602281148015614fe1575b614fd95760628114614fce5760748114614fc357606e8114614fb85760668114614fad57607214614fa3577f5c7530300000000000000000000000000000000000000000000000000000000082511860e01c610fd557614f47600483015160f01c7f303030303030303030303030303030303030303030303030303030303030000017614c4c565b929060088410159081614f97575b81614f8b575b15908115614f7f575b8115614f77575b50610fd5576006019190565b90505f614f6b565b60208510159150614f64565b600b8514159150614f5b565b600d8511159150614f55565b9060020190600d90565b509060020190600c90565b509060020190600a90565b509060020190600990565b509060020190600890565b916002019190565b50605c8114614ebf565b905f90827fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0815160f81c015b600a81106150565750808414908115615032575b50610fd557565b805160f81c603014915081615049575b505f61502b565b600191508403115f615042565b600a60019295940201920192601281850311610fd5577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd0845160f81c01615017565b6150ab6150b091949293946148e0613e6b565b614483565b909281937f3a0000000000000000000000000000000000000000000000000000000000000081511860f81c610fd557600183910195159182615132575b5050610fd557600960408201511490816151085750610fd557565b7e5f005f00700072006f0074006f005f005f0000000000000000000000000000915051145f61502b565b61513c9250615144565b15815f6150ed565b805182519081810361517357505060208101516020830151908181036151735750506040809101519101511190565b109291505056' as const
