// Written by scripts/contracts.ts from contracts/; do not edit.
export const abi = [
  {
    "type": "function",
    "name": "CHANNEL_CONFIG_TYPEHASH",
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
    "name": "CLAIM_BATCH_TYPEHASH",
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
    "name": "CLAIM_ENTRY_TYPEHASH",
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
    "name": "MAX_WITHDRAW_DELAY",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint40",
        "internalType": "uint40"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "MIN_WITHDRAW_DELAY",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint40",
        "internalType": "uint40"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "REFUND_TYPEHASH",
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
    "name": "VOUCHER_TYPEHASH",
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
    "name": "channels",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "balance",
        "type": "uint128",
        "internalType": "uint128"
      },
      {
        "name": "totalClaimed",
        "type": "uint128",
        "internalType": "uint128"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "claim",
    "inputs": [
      {
        "name": "voucherClaims",
        "type": "tuple[]",
        "internalType": "struct VoucherClaim[]",
        "components": [
          {
            "name": "voucher",
            "type": "tuple",
            "internalType": "struct Voucher",
            "components": [
              {
                "name": "channel",
                "type": "tuple",
                "internalType": "struct ChannelConfig",
                "components": [
                  {
                    "name": "payer",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "payerAuthorizer",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "receiver",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "receiverAuthorizer",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "token",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "withdrawDelay",
                    "type": "uint40",
                    "internalType": "uint40"
                  },
                  {
                    "name": "salt",
                    "type": "bytes32",
                    "internalType": "bytes32"
                  }
                ]
              },
              {
                "name": "maxClaimableAmount",
                "type": "uint128",
                "internalType": "uint128"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "totalClaimed",
            "type": "uint128",
            "internalType": "uint128"
          }
        ]
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "claimWithSignature",
    "inputs": [
      {
        "name": "voucherClaims",
        "type": "tuple[]",
        "internalType": "struct VoucherClaim[]",
        "components": [
          {
            "name": "voucher",
            "type": "tuple",
            "internalType": "struct Voucher",
            "components": [
              {
                "name": "channel",
                "type": "tuple",
                "internalType": "struct ChannelConfig",
                "components": [
                  {
                    "name": "payer",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "payerAuthorizer",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "receiver",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "receiverAuthorizer",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "token",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "withdrawDelay",
                    "type": "uint40",
                    "internalType": "uint40"
                  },
                  {
                    "name": "salt",
                    "type": "bytes32",
                    "internalType": "bytes32"
                  }
                ]
              },
              {
                "name": "maxClaimableAmount",
                "type": "uint128",
                "internalType": "uint128"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "totalClaimed",
            "type": "uint128",
            "internalType": "uint128"
          }
        ]
      },
      {
        "name": "authorizerSignature",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "deposit",
    "inputs": [
      {
        "name": "config",
        "type": "tuple",
        "internalType": "struct ChannelConfig",
        "components": [
          {
            "name": "payer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "payerAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiver",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiverAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "token",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "withdrawDelay",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "amount",
        "type": "uint128",
        "internalType": "uint128"
      },
      {
        "name": "collector",
        "type": "address",
        "internalType": "address"
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
    "name": "finalizeWithdraw",
    "inputs": [
      {
        "name": "config",
        "type": "tuple",
        "internalType": "struct ChannelConfig",
        "components": [
          {
            "name": "payer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "payerAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiver",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiverAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "token",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "withdrawDelay",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "getChannelId",
    "inputs": [
      {
        "name": "config",
        "type": "tuple",
        "internalType": "struct ChannelConfig",
        "components": [
          {
            "name": "payer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "payerAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiver",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiverAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "token",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "withdrawDelay",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
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
    "name": "getClaimBatchDigest",
    "inputs": [
      {
        "name": "voucherClaims",
        "type": "tuple[]",
        "internalType": "struct VoucherClaim[]",
        "components": [
          {
            "name": "voucher",
            "type": "tuple",
            "internalType": "struct Voucher",
            "components": [
              {
                "name": "channel",
                "type": "tuple",
                "internalType": "struct ChannelConfig",
                "components": [
                  {
                    "name": "payer",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "payerAuthorizer",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "receiver",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "receiverAuthorizer",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "token",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "withdrawDelay",
                    "type": "uint40",
                    "internalType": "uint40"
                  },
                  {
                    "name": "salt",
                    "type": "bytes32",
                    "internalType": "bytes32"
                  }
                ]
              },
              {
                "name": "maxClaimableAmount",
                "type": "uint128",
                "internalType": "uint128"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "totalClaimed",
            "type": "uint128",
            "internalType": "uint128"
          }
        ]
      }
    ],
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
    "name": "getRefundDigest",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "nonce",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "amount",
        "type": "uint128",
        "internalType": "uint128"
      }
    ],
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
    "name": "getVoucherDigest",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "maxClaimableAmount",
        "type": "uint128",
        "internalType": "uint128"
      }
    ],
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
    "name": "initiateWithdraw",
    "inputs": [
      {
        "name": "config",
        "type": "tuple",
        "internalType": "struct ChannelConfig",
        "components": [
          {
            "name": "payer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "payerAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiver",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiverAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "token",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "withdrawDelay",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "amount",
        "type": "uint128",
        "internalType": "uint128"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "multicall",
    "inputs": [
      {
        "name": "data",
        "type": "bytes[]",
        "internalType": "bytes[]"
      }
    ],
    "outputs": [
      {
        "name": "results",
        "type": "bytes[]",
        "internalType": "bytes[]"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "pendingWithdrawals",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "amount",
        "type": "uint128",
        "internalType": "uint128"
      },
      {
        "name": "initiatedAt",
        "type": "uint40",
        "internalType": "uint40"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "receivers",
    "inputs": [
      {
        "name": "receiver",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "totalClaimed",
        "type": "uint128",
        "internalType": "uint128"
      },
      {
        "name": "totalSettled",
        "type": "uint128",
        "internalType": "uint128"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "refund",
    "inputs": [
      {
        "name": "config",
        "type": "tuple",
        "internalType": "struct ChannelConfig",
        "components": [
          {
            "name": "payer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "payerAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiver",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiverAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "token",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "withdrawDelay",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "amount",
        "type": "uint128",
        "internalType": "uint128"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "refundNonce",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "internalType": "bytes32"
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
    "name": "refundWithSignature",
    "inputs": [
      {
        "name": "config",
        "type": "tuple",
        "internalType": "struct ChannelConfig",
        "components": [
          {
            "name": "payer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "payerAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiver",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiverAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "token",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "withdrawDelay",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "amount",
        "type": "uint128",
        "internalType": "uint128"
      },
      {
        "name": "nonce",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "receiverAuthorizerSignature",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "settle",
    "inputs": [
      {
        "name": "receiver",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "event",
    "name": "ChannelClosed",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "config",
        "type": "tuple",
        "indexed": false,
        "internalType": "struct ChannelConfig",
        "components": [
          {
            "name": "payer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "payerAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiver",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiverAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "token",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "withdrawDelay",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "ChannelCreated",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "config",
        "type": "tuple",
        "indexed": false,
        "internalType": "struct ChannelConfig",
        "components": [
          {
            "name": "payer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "payerAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiver",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "receiverAuthorizer",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "token",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "withdrawDelay",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Claimed",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "sender",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "claimAmount",
        "type": "uint128",
        "indexed": false,
        "internalType": "uint128"
      },
      {
        "name": "newTotalClaimed",
        "type": "uint128",
        "indexed": false,
        "internalType": "uint128"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Deposited",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "sender",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint128",
        "indexed": false,
        "internalType": "uint128"
      },
      {
        "name": "newBalance",
        "type": "uint128",
        "indexed": false,
        "internalType": "uint128"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Refunded",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "sender",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint128",
        "indexed": false,
        "internalType": "uint128"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Settled",
    "inputs": [
      {
        "name": "receiver",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "token",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "sender",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint128",
        "indexed": false,
        "internalType": "uint128"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "WithdrawFinalized",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "sender",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint128",
        "indexed": false,
        "internalType": "uint128"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "WithdrawInitiated",
    "inputs": [
      {
        "name": "channelId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "amount",
        "type": "uint128",
        "indexed": false,
        "internalType": "uint128"
      },
      {
        "name": "finalizeAfter",
        "type": "uint40",
        "indexed": false,
        "internalType": "uint40"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "AddressEmptyCode",
    "inputs": [
      {
        "name": "target",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "ClaimExceedsBalance",
    "inputs": []
  },
  {
    "type": "error",
    "name": "ClaimExceedsCeiling",
    "inputs": []
  },
  {
    "type": "error",
    "name": "DepositCollectionFailed",
    "inputs": []
  },
  {
    "type": "error",
    "name": "DepositOverflow",
    "inputs": []
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
    "name": "EmptyBatch",
    "inputs": []
  },
  {
    "type": "error",
    "name": "FailedCall",
    "inputs": []
  },
  {
    "type": "error",
    "name": "InvalidChannel",
    "inputs": []
  },
  {
    "type": "error",
    "name": "InvalidCollector",
    "inputs": []
  },
  {
    "type": "error",
    "name": "InvalidRefundNonce",
    "inputs": []
  },
  {
    "type": "error",
    "name": "InvalidSignature",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotAuthorizedToClaim",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotAuthorizedToFinalizeWithdraw",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotAuthorizedToRefund",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotReceiverAuthorizer",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NothingToWithdraw",
    "inputs": []
  },
  {
    "type": "error",
    "name": "ReentrancyGuardReentrantCall",
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
  },
  {
    "type": "error",
    "name": "WithdrawAmountExceedsAvailable",
    "inputs": []
  },
  {
    "type": "error",
    "name": "WithdrawDelayNotElapsed",
    "inputs": []
  },
  {
    "type": "error",
    "name": "WithdrawDelayOutOfRange",
    "inputs": []
  },
  {
    "type": "error",
    "name": "WithdrawalAlreadyPending",
    "inputs": []
  },
  {
    "type": "error",
    "name": "WithdrawalNotPending",
    "inputs": []
  },
  {
    "type": "error",
    "name": "ZeroDeposit",
    "inputs": []
  },
  {
    "type": "error",
    "name": "ZeroRefund",
    "inputs": []
  }
] as const

export const creationCode =
  '0x6101206040523461012d57306080524660a052604080519081016001600160401b03811182821017610119576040908152601582527f7834303220426174636820536574746c656d656e74000000000000000000000060208301908152815191820192906001600160401b038411838510176101195760a093604052600183526020830191603160f81b8352519020915190208160c0528060e052604051917f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f8352602083015260408201524660608201523060808201522061010052604051612fb690816101328239608051816127b3015260a051816127d6015260c05181612846015260e0518161286c015261010051816127920152f35b634e487b7160e01b5f52604160045260245ffd5b5f80fdfe60806040526004361015610011575f80fd5b5f5f3560e01c8063140f1e75146114ab5780631e69ef40146114525780631fc3277d1461141657806321ff63891461136057806329237b0c146111fe578063488ccc3b1461119a57806353ab0fae146111415780635e5e0b87146111035780637a7ebd7b1461109c57806384b0196e14610f5e578063862bb19914610f035780638e4a68ac14610eaa57806394739e8714610e515780639db32a8f14610e00578063ac9650d814610bff578063ae15943914610bc4578063b77433e914610ae6578063b7f06ebe14610a6e578063ba94ec0d14610a15578063cf5cf3dc1461077a578063dce4bfae14610673578063e25cf1891461060d578063e43ce1f214610445578063e88377b1146101775763f0dc792e1461012d575f80fd5b346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760406020916004358152600183522054604051908152f35b80fd5b50346101745760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610174576101af6121a9565b6101b7612bf8565b1561041d576101cc6101c76126c6565b612790565b80825260026020526040822090604051916040830183811067ffffffffffffffff8211176103f057604052546fffffffffffffffffffffffffffffffff8116835260801c64ffffffffff166020830181815290156103c85764ffffffffff61024591511664ffffffffff61023e612140565b1690611dcf565b42106103a057808352826020526fffffffffffffffffffffffffffffffff610285816040862094511661027f8554848160801c9116611f83565b90612c4f565b928285526002602052846040812055816102a28582845416611f83565b167fffffffffffffffffffffffffffffffff0000000000000000000000000000000082541617815581604051941693848152837f546ce1e2242cd930c196bd08b894443562d709b4fffe4f028a75a6d233efc6e360203393a3541615610367575b5080610331575b50807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6103619073ffffffffffffffffffffffffffffffffffffffff610352611d1d565b1661035b611cd7565b906128a2565b5f61030a565b7f8d5942f197f362dfd44dfdc1b0b7a9721c9151b67f55817c83349271d3c08d3760405180610397600482611ddc565b0390a25f610303565b6004837ff3965827000000000000000000000000000000000000000000000000000000008152fd5b6004847f3a0a1ca6000000000000000000000000000000000000000000000000000000008152fd5b6024857f4e487b710000000000000000000000000000000000000000000000000000000081526041600452fd5b807f15f969d50000000000000000000000000000000000000000000000000000000060049252fd5b50346101745760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760043567ffffffffffffffff811161060957610495903690600401611c63565b60243567ffffffffffffffff8111610605576104b5903690600401611c35565b916104be6121a9565b80156105dd5783357ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec1853603018112156105d9576105056060610518928796970101611d40565b9461051083866125c7565b949087612a33565b73ffffffffffffffffffffffffffffffffffffffff859416935b8181106105605785807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b61056b818386611ec3565b8573ffffffffffffffffffffffffffffffffffffffff61058d60608401611d40565b16036105b157906105ab6001926105a4838761212c565b519061226c565b01610532565b6004877ff5e2237d000000000000000000000000000000000000000000000000000000008152fd5b8580fd5b6004857fc2e5347d000000000000000000000000000000000000000000000000000000008152fd5b8380fd5b5080fd5b50346101745760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017457604435906fffffffffffffffffffffffffffffffff8216820361017457602061066b83602435600435612154565b604051908152f35b5034610174577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161010081126106095760e013610174576106b4611baf565b6106bc6121a9565b60643573ffffffffffffffffffffffffffffffffffffffff81169081810361060557503314801561074f575b1561072757610701906106fc6101c76126c6565b612a46565b807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6004827f7864f008000000000000000000000000000000000000000000000000000000008152fd5b5060443573ffffffffffffffffffffffffffffffffffffffff811690818103610605575033146106e8565b5034610174577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161010081126106095760e013610174576107bb611baf565b6107c36121a9565b6107cb612bf8565b156109ed576fffffffffffffffffffffffffffffffff81169081156109c5576107f56101c76126c6565b918284526002602052604084209064ffffffffff825460801c1661099d57838552846020526fffffffffffffffffffffffffffffffff61083f6040872054828160801c9116611f83565b1681116109755781547fffffffffffffffffffffff0000000000ffffffffffffffffffffffffffffffff9091167fffffffffffffffffffffff000000000000000000000000000000000000000000909116174260801b74ffffffffff000000000000000000000000000000001617905564ffffffffff6108bd612140565b1664ffffffffff4216019064ffffffffff821161094857604080516fffffffffffffffffffffffffffffffff92909216825264ffffffffff9290921660208201527fe4280d0d903c7f258f62b07c62f262377cbaa23f7791d78126e6446e0f0e3c239190a2807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6024847f4e487b710000000000000000000000000000000000000000000000000000000081526011600452fd5b6004857f6d3d5764000000000000000000000000000000000000000000000000000000008152fd5b6004857fa2aed0f0000000000000000000000000000000000000000000000000000000008152fd5b6004837fd0d04f60000000000000000000000000000000000000000000000000000000008152fd5b6004827fea3a9a39000000000000000000000000000000000000000000000000000000008152fd5b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040517f30b9a0367528fca13c3e8ec6134c3113f1887ebe7a1ad61de0955aac288b0cf58152f35b50346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610174576004358152600260209081526040918290205482516fffffffffffffffffffffffffffffffff8216815260809190911c64ffffffffff169181019190915290819081015b0390f35b5034610174577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161014081126106095760e01361017457610b27611baf565b9061010435916101243567ffffffffffffffff8111610bc057610b4e903690600401611c35565b9390610b586121a9565b610b636101c76126c6565b91828552600160205260408520548103610b9857946106fc91610b8b85610701979886612154565b610b93611cfa565b612a33565b6004857f164f1afe000000000000000000000000000000000000000000000000000000008152fd5b8280fd5b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040516103848152f35b50346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760043567ffffffffffffffff811161060957610c4f903690600401611c63565b906020604051610c5f8282611d61565b848152818101917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101368437610c95856120c3565b93610ca36040519586611d61565b8585527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0610cd0876120c3565b0182885b828110610df057505050865b86811015610d7357600190610d5786610d518b87610d038660051b8901896120db565b94909285604051968795858701378401908382019081528c519283915e01018d8152037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282611d61565b3061296c565b610d61828961212c565b52610d6c818861212c565b5001610ce0565b82888760405191838301848452825180915260408401948060408360051b870101940192955b828710610da65785850386f35b909192938280610de0837fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc08a600196030186528851611c94565b9601920196019592919092610d99565b606082828a010152018390610cd4565b50346101745760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017457610701610e3b611bce565b610e43611bf1565b90610e4c6121a9565b611fb5565b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040517f1e1bd6ff84c3e0d9029a292b212e039c0ca97ec497c55191a4a5874294609a698152f35b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040517f1c9a06ceab9b0ebbd3301dc56c9111bb6d9af421356dc9ccb3b7084c755db3088152f35b50346101745760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017457602435906fffffffffffffffffffffffffffffffff8216820361017457602061066b83600435611f30565b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610174576040805161103e92909161104b90610fa58185611d61565b601584527f7834303220426174636820536574746c656d656e74000000000000000000000060208501528051610fdb8282611d61565b600181527f3100000000000000000000000000000000000000000000000000000000000000602082015281519586957f0f00000000000000000000000000000000000000000000000000000000000000875260e0602088015260e0870190611c94565b9185830390860152611c94565b904660608401523060808401528060a084015282820360c084015260206060519283815201916080915b818110611083575050500390f35b8251845285945060209384019390920191600101611075565b50346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017457600435815260208181526040918290205482516fffffffffffffffffffffffffffffffff8216815260809190911c91810191909152f35b50346101745760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745750602061066b6101c76126c6565b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040517f42bd57c010b870c2e96203c66341f28a6a19b4d56a74533a8eb5f706b9fd6d578152f35b50346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610174576004359067ffffffffffffffff82116101745760206111f56111ef3660048601611c63565b906125c7565b50604051908152f35b50346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760043567ffffffffffffffff81116106095761124e903690600401611c63565b6112566121a9565b801561133857825b81811061128c5783807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b611297818385611ec3565b73ffffffffffffffffffffffffffffffffffffffff6112b860608301611d40565b163314801561130e575b156112e657906112e0826112da6101c760019561272b565b9061226c565b0161125e565b6004857fdefb7069000000000000000000000000000000000000000000000000000000008152fd5b5073ffffffffffffffffffffffffffffffffffffffff61133060408301611d40565b1633146112c2565b6004837fc2e5347d000000000000000000000000000000000000000000000000000000008152fd5b50346101745760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745773ffffffffffffffffffffffffffffffffffffffff60406113af611bce565b92826113b9611bf1565b9416815260036020522091165f52602052610ae260405f205460405191816fffffffffffffffffffffffffffffffff849360801c9116839092916fffffffffffffffffffffffffffffffff60209181604085019616845216910152565b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017457602060405162278d008152f35b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040517fbe23ad087435072cd69b49cc5b92de10ee610fce7ae0ab428307972d764bb2168152f35b5034611a34577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016101408112611a345760e013611a34576114ec611baf565b6101043573ffffffffffffffffffffffffffffffffffffffff8116809103611a34576101243567ffffffffffffffff8111611a345761152f903690600401611c35565b91906115396121a9565b73ffffffffffffffffffffffffffffffffffffffff611556611cd7565b1615611b87576044359073ffffffffffffffffffffffffffffffffffffffff821690818303611a34578115611b875773ffffffffffffffffffffffffffffffffffffffff6115a2611cfa565b1615611b875773ffffffffffffffffffffffffffffffffffffffff6115c5611d1d565b1615611b875761038464ffffffffff6115dc612140565b16108015611b6d575b611b45576fffffffffffffffffffffffffffffffff8616908115611b1d578415611af5576116146101c76126c6565b95865f525f60205260405f20956fffffffffffffffffffffffffffffffff875416806fffffffffffffffffffffffffffffffff036fffffffffffffffffffffffffffffffff8111611ac8576fffffffffffffffffffffffffffffffff168511611aa057896116819161221d565b966fffffffffffffffffffffffffffffffff88167fffffffffffffffffffffffffffffffff0000000000000000000000000000000082541617905573ffffffffffffffffffffffffffffffffffffffff6116d9611d1d565b1691604051937f70a08231000000000000000000000000000000000000000000000000000000008552306004860152602085602481875afa948515611a61575f95611a6c575b50611728611cd7565b92803b15611a345773ffffffffffffffffffffffffffffffffffffffff5f60c489967fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08f8885998c99601f936040519d8e9c8d9b8c997fe416d8d3000000000000000000000000000000000000000000000000000000008b521660048a015260248901526044880152606487015260a060848701528160a48701528686013785858286010152011681010301925af18015611a6157611a4b575b506020602491604051928380927f70a082310000000000000000000000000000000000000000000000000000000082523060048301525afa908115611a405783908a92611a06575b506118359192611dcf565b036119de576fffffffffffffffffffffffffffffffff8416146118ca575b5050604080516fffffffffffffffffffffffffffffffff948516815293909116602084015233927f6c2a09353b5e75e70d0b9778b80a413809bb235d46c211811c474b3346791d8991819081015b0390a3807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6040519160043573ffffffffffffffffffffffffffffffffffffffff81168091036119da57835260243573ffffffffffffffffffffffffffffffffffffffff81168091036119da57602084015250604082015260643573ffffffffffffffffffffffffffffffffffffffff81168091036105d957606082015260843573ffffffffffffffffffffffffffffffffffffffff81168091036105d957608082015260a4359164ffffffffff83168093036105d957837f69d8248d5566bdb2ebc4d218970710d8378a2ff9b709a999e052b71970f808fa60e0847f6c2a09353b5e75e70d0b9778b80a413809bb235d46c211811c474b3346791d899660a06118a197015260c43560c0820152a291611853565b8780fd5b6004877feb43592c000000000000000000000000000000000000000000000000000000008152fd5b9150506020813d602011611a38575b81611a2260209383611d61565b81010312611a3457518261183561182a565b5f80fd5b3d9150611a15565b6040513d8b823e3d90fd5b611a589199505f90611d61565b5f9760206117e2565b6040513d5f823e3d90fd5b9094506020813d602011611a98575b81611a8860209383611d61565b81010312611a345751935f61171f565b3d9150611a7b565b7f1132981b000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7f18b1afd4000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f56316e87000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f4574fab6000000000000000000000000000000000000000000000000000000005f5260045ffd5b5062278d0064ffffffffff611b80612140565b16116115e5565b7fea3a9a39000000000000000000000000000000000000000000000000000000005f5260045ffd5b60e435906fffffffffffffffffffffffffffffffff82168203611a3457565b6004359073ffffffffffffffffffffffffffffffffffffffff82168203611a3457565b6024359073ffffffffffffffffffffffffffffffffffffffff82168203611a3457565b359073ffffffffffffffffffffffffffffffffffffffff82168203611a3457565b9181601f84011215611a345782359167ffffffffffffffff8311611a345760208381860195010111611a3457565b9181601f84011215611a345782359167ffffffffffffffff8311611a34576020808501948460051b010111611a3457565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602080948051918291828752018686015e5f8582860101520116010190565b60043573ffffffffffffffffffffffffffffffffffffffff81168103611a345790565b60643573ffffffffffffffffffffffffffffffffffffffff81168103611a345790565b60843573ffffffffffffffffffffffffffffffffffffffff81168103611a345790565b3573ffffffffffffffffffffffffffffffffffffffff81168103611a345790565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117611da257604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b91908201809211611ac857565b60e08101929173ffffffffffffffffffffffffffffffffffffffff611e0082611c14565b16825273ffffffffffffffffffffffffffffffffffffffff611e2460208301611c14565b16602083015273ffffffffffffffffffffffffffffffffffffffff611e4b60408301611c14565b16604083015273ffffffffffffffffffffffffffffffffffffffff611e7260608301611c14565b16606083015273ffffffffffffffffffffffffffffffffffffffff611e9960808301611c14565b16608083015260a081013564ffffffffff8116809103611a345760a083015260c090810135910152565b9190811015611f035760051b810135907ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec181360301821215611a34570190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b6060906fffffffffffffffffffffffffffffffff611f8093604051927f1e1bd6ff84c3e0d9029a292b212e039c0ca97ec497c55191a4a5874294609a698452602084015216604082015220612790565b90565b906fffffffffffffffffffffffffffffffff809116911603906fffffffffffffffffffffffffffffffff8211611ac857565b73ffffffffffffffffffffffffffffffffffffffff8116805f52600360205260405f2073ffffffffffffffffffffffffffffffffffffffff84165f5260205260405f20928354936fffffffffffffffffffffffffffffffff61201d8187169660801c87611f83565b169485156120bb5761208d9261208573ffffffffffffffffffffffffffffffffffffffff928894906fffffffffffffffffffffffffffffffff7fffffffffffffffffffffffffffffffff0000000000000000000000000000000083549260801b169116179055565b1693846128a2565b6040519283527f7337b4386b690fdb8ba66905b92b9d45d33bc6626ee2620c905fb150ec0cc47d60203394a4565b505050505050565b67ffffffffffffffff8111611da25760051b60200190565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe181360301821215611a34570180359067ffffffffffffffff8211611a3457602001918136038313611a3457565b8051821015611f035760209160051b010190565b60a43564ffffffffff81168103611a345790565b6fffffffffffffffffffffffffffffffff611f8093608093604051937fbe23ad087435072cd69b49cc5b92de10ee610fce7ae0ab428307972d764bb21685526020850152604084015216606082015220612790565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c6121f55760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d565b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b906fffffffffffffffffffffffffffffffff809116911601906fffffffffffffffffffffffffffffffff8211611ac857565b356fffffffffffffffffffffffffffffffff81168103611a345790565b90805f525f60205260405f209182548060801c61228c610120840161224f565b916fffffffffffffffffffffffffffffffff83168281111561256f576122b460e0860161224f565b916fffffffffffffffffffffffffffffffff83168211612547576fffffffffffffffffffffffffffffffff161061251f576122ef9085611f30565b73ffffffffffffffffffffffffffffffffffffffff61231060208601611d40565b16806124825750926123b08361236e61247d95946123687f36bd546bb573e8921fdbfd934bbed62d872796b01792cd240cce27f79dd3eddd9861235287611d40565b6123606101008901896120db565b929091612a33565b82611f83565b97906fffffffffffffffffffffffffffffffff7fffffffffffffffffffffffffffffffff0000000000000000000000000000000083549260801b169116179055565b73ffffffffffffffffffffffffffffffffffffffff6123d160408301611d40565b165f52600360205273ffffffffffffffffffffffffffffffffffffffff6123fe608060405f209301611d40565b165f5260205260405f206fffffffffffffffffffffffffffffffff612426878284541661221d565b167fffffffffffffffffffffffffffffffff000000000000000000000000000000008254161790556040519182913396839092916fffffffffffffffffffffffffffffffff60209181604085019616845216910152565b0390a3565b906124bf6124b673ffffffffffffffffffffffffffffffffffffffff926124b06101008998979801896120db565b91612e48565b90929192612e7c565b16036124f7577f36bd546bb573e8921fdbfd934bbed62d872796b01792cd240cce27f79dd3eddd926123b08261236e61247d95612368565b7f8baa579f000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f7d8242b6000000000000000000000000000000000000000000000000000000005f5260045ffd5b7ff1789775000000000000000000000000000000000000000000000000000000005f5260045ffd5b50505050505050565b90612582826120c3565b61258f6040519182611d61565b8281527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe06125bd82946120c3565b0190602036910137565b906125d181612578565b916125db82612578565b915f5b818110612627575050506020815160051b9101207f42bd57c010b870c2e96203c66341f28a6a19b4d56a74533a8eb5f706b9fd6d575f5260205261262460405f20612790565b91565b8060806126376001938587611ec3565b6126436101c78261272b565b908161264f858b61212c565b526fffffffffffffffffffffffffffffffff61267c6101208261267460e0860161224f565b16930161224f565b1690604051927f30b9a0367528fca13c3e8ec6134c3113f1887ebe7a1ad61de0955aac288b0cf58452602084015260408301526060820152206126bf828761212c565b52016125de565b6040517f1c9a06ceab9b0ebbd3301dc56c9111bb6d9af421356dc9ccb3b7084c755db30881526020810160e06004823760a0820151608083015117906060830151906040840151905117171760c082015160281c9060a01c17611a3457610100902090565b604051907f1c9a06ceab9b0ebbd3301dc56c9111bb6d9af421356dc9ccb3b7084c755db308825260e06020830191823760a0820151608083015117906060830151906040840151905117171760c082015160281c9060a01c17611a3457610100902090565b7f00000000000000000000000000000000000000000000000000000000000000007f000000000000000000000000000000000000000000000000000000000000000030147f00000000000000000000000000000000000000000000000000000000000000004614161561281b575b6719010000000000005f52601a52603a526042601820905f603a52565b5060a06040517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f81527f000000000000000000000000000000000000000000000000000000000000000060208201527f00000000000000000000000000000000000000000000000000000000000000006040820152466060820152306080820152206127fe565b9173ffffffffffffffffffffffffffffffffffffffff604051927fa9059cbb000000000000000000000000000000000000000000000000000000005f521660045260245260205f60448180865af19060015f511482161561294b575b604052156129095750565b73ffffffffffffffffffffffffffffffffffffffff907f5274afe7000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b90600181151661296357823b15153d151616906128fe565b503d5f823e3d90fd5b905f8091602081519101845af48080612a20575b156129a05750506040513d81523d5f602083013e60203d82010160405290565b156129e75773ffffffffffffffffffffffffffffffffffffffff907f9996b315000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b3d156129f8576040513d5f823e3d90fd5b7fd6bda275000000000000000000000000000000000000000000000000000000005f5260045ffd5b503d1515806129805750813b1515612980565b90612a3f939291612c86565b156124f757565b6fffffffffffffffffffffffffffffffff821615612bd057805f52600160205260405f2060018154019055805f525f602052612aa160405f209261027f84546fffffffffffffffffffffffffffffffff8160801c9116611f83565b6fffffffffffffffffffffffffffffffff8116928315612bca57612b0c826fffffffffffffffffffffffffffffffff612ade819582865416611f83565b167fffffffffffffffffffffffffffffffff0000000000000000000000000000000084541617835584612da0565b604051848152837fa84286cf8ebc7903a663c77c8d99aa92b600d4c2fcca872a5d4a663db4eb394b60203393a3541615612b91575b506084359073ffffffffffffffffffffffffffffffffffffffff821691828103611a34575060043573ffffffffffffffffffffffffffffffffffffffff81168103611a3457612b8f926128a2565b565b7f8d5942f197f362dfd44dfdc1b0b7a9721c9151b67f55817c83349271d3c08d3760405180612bc1600482611ddc565b0390a25f612b41565b50505050565b7fd758525c000000000000000000000000000000000000000000000000000000005f5260045ffd5b60043573ffffffffffffffffffffffffffffffffffffffff811690818103611a34575033148015612c265790565b5060243573ffffffffffffffffffffffffffffffffffffffff811690818103611a345750331490565b906fffffffffffffffffffffffffffffffff81166fffffffffffffffffffffffffffffffff8316105f14612c81575090565b905090565b929190833b612cfd5790612c9a9291612e48565b506004811015612cd057159182612cb057505090565b73ffffffffffffffffffffffffffffffffffffffff919250811691161490565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b60647fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f855f9660209896604051967f1626ba7e0000000000000000000000000000000000000000000000000000000088526004880152604060248801528160448801528587013786848287010152011601915afa7f1626ba7e000000000000000000000000000000000000000000000000000000005f5114601f3d11161690565b90815f52600260205260405f2090815464ffffffffff8160801c1615612bca576fffffffffffffffffffffffffffffffff16806fffffffffffffffffffffffffffffffff831610155f14612e00575050505f5260026020525f6040812055565b6fffffffffffffffffffffffffffffffff92935090612e1e91611f83565b167fffffffffffffffffffffffffffffffff00000000000000000000000000000000825416179055565b9060418303612e7257612e6b9250602081013591604082359201355f1a90612f27565b9192909190565b50505f9160029190565b6004811015612cd05780612e8e575050565b60018103612ebe577ff645eedf000000000000000000000000000000000000000000000000000000005f5260045ffd5b60028103612ef257507ffce698f7000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b600314612efc5750565b7fd78bce0c000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a08411612fab579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa15611a61575f5173ffffffffffffffffffffffffffffffffffffffff811615612fa157905f905f90565b505f906001905f90565b5050505f916003919056' as const
