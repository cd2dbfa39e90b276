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
  '0x6101206040523461012d57306080524660a052604080519081016001600160401b03811182821017610119576040908152601582527f7834303220426174636820536574746c656d656e74000000000000000000000060208301908152815191820192906001600160401b038411838510176101195760a093604052600183526020830191603160f81b8352519020915190208160c0528060e052604051917f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f8352602083015260408201524660608201523060808201522061010052604051613055908161013282396080518161282c015260a0518161284f015260c051816128bf015260e051816128e50152610100518161280b0152f35b634e487b7160e01b5f52604160045260245ffd5b5f80fdfe60806040526004361015610011575f80fd5b5f5f3560e01c8063140f1e75146115005780631e69ef40146114a75780631fc3277d1461146b57806321ff6389146113b557806329237b0c14611253578063488ccc3b146111ef57806353ab0fae146111965780635e5e0b87146111585780637a7ebd7b146110f157806384b0196e14610fb3578063862bb19914610f585780638e4a68ac14610eff57806394739e8714610ea65780639db32a8f14610e55578063ac9650d814610c54578063ae15943914610c19578063b77433e914610b3b578063b7f06ebe14610ac3578063ba94ec0d14610a6a578063cf5cf3dc146107cf578063dce4bfae146106c8578063e25cf18914610662578063e43ce1f21461049a578063e88377b1146101775763f0dc792e1461012d575f80fd5b346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760406020916004358152600183522054604051908152f35b80fd5b50346101745760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610174576101af612222565b6101b7612c97565b15610472576101cc6101c761273f565b612809565b80825260026020526040822090604051916040830183811067ffffffffffffffff82111761044557604052546fffffffffffffffffffffffffffffffff8116835260801c64ffffffffff1660208301818152901561041d5764ffffffffff61024591511664ffffffffff61023e6121b9565b1690611e48565b42106103f557808352826020526102946fffffffffffffffffffffffffffffffff6040852093511661028e84546fffffffffffffffffffffffffffffffff8160801c9116611ffc565b90612cee565b9181845260026020528360408120556fffffffffffffffffffffffffffffffff6102c18482845416611ffc565b167fffffffffffffffffffffffffffffffff000000000000000000000000000000008254161781556fffffffffffffffffffffffffffffffff604051931692838152827f546ce1e2242cd930c196bd08b894443562d709b4fffe4f028a75a6d233efc6e360203393a3546fffffffffffffffffffffffffffffffff81161590816103e9575b506103b0575b508061037a575b50807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6103aa9073ffffffffffffffffffffffffffffffffffffffff61039b611d96565b166103a4611d50565b9061291b565b5f610353565b7f8d5942f197f362dfd44dfdc1b0b7a9721c9151b67f55817c83349271d3c08d37604051806103e0600482611e55565b0390a25f61034c565b905060801c155f610346565b6004837ff3965827000000000000000000000000000000000000000000000000000000008152fd5b6004847f3a0a1ca6000000000000000000000000000000000000000000000000000000008152fd5b6024857f4e487b710000000000000000000000000000000000000000000000000000000081526041600452fd5b807f15f969d50000000000000000000000000000000000000000000000000000000060049252fd5b50346101745760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760043567ffffffffffffffff811161065e576104ea903690600401611cdc565b60243567ffffffffffffffff811161065a5761050a903690600401611cae565b91610513612222565b80156106325783357ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec18536030181121561062e5761055a606061056d928796970101611db9565b946105658386612640565b949087612aac565b73ffffffffffffffffffffffffffffffffffffffff859416935b8181106105b55785807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6105c0818386611f3c565b8573ffffffffffffffffffffffffffffffffffffffff6105e260608401611db9565b160361060657906106006001926105f983876121a5565b51906122e5565b01610587565b6004877ff5e2237d000000000000000000000000000000000000000000000000000000008152fd5b8580fd5b6004857fc2e5347d000000000000000000000000000000000000000000000000000000008152fd5b8380fd5b5080fd5b50346101745760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017457604435906fffffffffffffffffffffffffffffffff821682036101745760206106c0836024356004356121cd565b604051908152f35b5034610174577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601610100811261065e5760e01361017457610709611c28565b610711612222565b60643573ffffffffffffffffffffffffffffffffffffffff81169081810361065a5750331480156107a4575b1561077c57610756906107516101c761273f565b612abf565b807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6004827f7864f008000000000000000000000000000000000000000000000000000000008152fd5b5060443573ffffffffffffffffffffffffffffffffffffffff81169081810361065a5750331461073d565b5034610174577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601610100811261065e5760e01361017457610810611c28565b610818612222565b610820612c97565b15610a42576fffffffffffffffffffffffffffffffff8116908115610a1a5761084a6101c761273f565b918284526002602052604084209064ffffffffff825460801c166109f257838552846020526fffffffffffffffffffffffffffffffff6108946040872054828160801c9116611ffc565b1681116109ca5781547fffffffffffffffffffffff0000000000ffffffffffffffffffffffffffffffff9091167fffffffffffffffffffffff000000000000000000000000000000000000000000909116174260801b74ffffffffff000000000000000000000000000000001617905564ffffffffff6109126121b9565b1664ffffffffff4216019064ffffffffff821161099d57604080516fffffffffffffffffffffffffffffffff92909216825264ffffffffff9290921660208201527fe4280d0d903c7f258f62b07c62f262377cbaa23f7791d78126e6446e0f0e3c239190a2807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6024847f4e487b710000000000000000000000000000000000000000000000000000000081526011600452fd5b6004857f6d3d5764000000000000000000000000000000000000000000000000000000008152fd5b6004857fa2aed0f0000000000000000000000000000000000000000000000000000000008152fd5b6004837fd0d04f60000000000000000000000000000000000000000000000000000000008152fd5b6004827fea3a9a39000000000000000000000000000000000000000000000000000000008152fd5b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040517f30b9a0367528fca13c3e8ec6134c3113f1887ebe7a1ad61de0955aac288b0cf58152f35b50346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610174576004358152600260209081526040918290205482516fffffffffffffffffffffffffffffffff8216815260809190911c64ffffffffff169181019190915290819081015b0390f35b5034610174577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601610140811261065e5760e01361017457610b7c611c28565b9061010435916101243567ffffffffffffffff8111610c1557610ba3903690600401611cae565b9390610bad612222565b610bb86101c761273f565b91828552600160205260408520548103610bed579461075191610be0856107569798866121cd565b610be8611d73565b612aac565b6004857f164f1afe000000000000000000000000000000000000000000000000000000008152fd5b8280fd5b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040516103848152f35b50346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760043567ffffffffffffffff811161065e57610ca4903690600401611cdc565b906020604051610cb48282611dda565b848152818101917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101368437610cea8561213c565b93610cf86040519586611dda565b8585527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0610d258761213c565b0182885b828110610e4557505050865b86811015610dc857600190610dac86610da68b87610d588660051b890189612154565b94909285604051968795858701378401908382019081528c519283915e01018d8152037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282611dda565b306129e5565b610db682896121a5565b52610dc181886121a5565b5001610d35565b82888760405191838301848452825180915260408401948060408360051b870101940192955b828710610dfb5785850386f35b909192938280610e35837fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc08a600196030186528851611d0d565b9601920196019592919092610dee565b606082828a010152018390610d29565b50346101745760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017457610756610e90611c47565b610e98611c6a565b90610ea1612222565b61202e565b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040517f1e1bd6ff84c3e0d9029a292b212e039c0ca97ec497c55191a4a5874294609a698152f35b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040517f1c9a06ceab9b0ebbd3301dc56c9111bb6d9af421356dc9ccb3b7084c755db3088152f35b50346101745760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017457602435906fffffffffffffffffffffffffffffffff821682036101745760206106c083600435611fa9565b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017457604080516110939290916110a090610ffa8185611dda565b601584527f7834303220426174636820536574746c656d656e740000000000000000000000602085015280516110308282611dda565b600181527f3100000000000000000000000000000000000000000000000000000000000000602082015281519586957f0f00000000000000000000000000000000000000000000000000000000000000875260e0602088015260e0870190611d0d565b9185830390860152611d0d565b904660608401523060808401528060a084015282820360c084015260206060519283815201916080915b8181106110d8575050500390f35b82518452859450602093840193909201916001016110ca565b50346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017457600435815260208181526040918290205482516fffffffffffffffffffffffffffffffff8216815260809190911c91810191909152f35b50346101745760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610174575060206106c06101c761273f565b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040517f42bd57c010b870c2e96203c66341f28a6a19b4d56a74533a8eb5f706b9fd6d578152f35b50346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610174576004359067ffffffffffffffff821161017457602061124a6112443660048601611cdc565b90612640565b50604051908152f35b50346101745760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760043567ffffffffffffffff811161065e576112a3903690600401611cdc565b6112ab612222565b801561138d57825b8181106112e15783807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6112ec818385611f3c565b73ffffffffffffffffffffffffffffffffffffffff61130d60608301611db9565b1633148015611363575b1561133b57906113358261132f6101c76001956127a4565b906122e5565b016112b3565b6004857fdefb7069000000000000000000000000000000000000000000000000000000008152fd5b5073ffffffffffffffffffffffffffffffffffffffff61138560408301611db9565b163314611317565b6004837fc2e5347d000000000000000000000000000000000000000000000000000000008152fd5b50346101745760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745773ffffffffffffffffffffffffffffffffffffffff6040611404611c47565b928261140e611c6a565b9416815260036020522091165f52602052610b3760405f205460405191816fffffffffffffffffffffffffffffffff849360801c9116839092916fffffffffffffffffffffffffffffffff60209181604085019616845216910152565b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017457602060405162278d008152f35b503461017457807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101745760206040517fbe23ad087435072cd69b49cc5b92de10ee610fce7ae0ab428307972d764bb2168152f35b5034611a8f577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016101408112611a8f5760e013611a8f57611541611c28565b6101043573ffffffffffffffffffffffffffffffffffffffff8116809103611a8f576101243567ffffffffffffffff8111611a8f57611584903690600401611cae565b9161158d612222565b73ffffffffffffffffffffffffffffffffffffffff6115aa611d50565b1615611c00576044359073ffffffffffffffffffffffffffffffffffffffff821690818303611a8f578115611c005773ffffffffffffffffffffffffffffffffffffffff6115f6611d73565b1615611c005773ffffffffffffffffffffffffffffffffffffffff611619611d96565b1615611c005761038464ffffffffff6116306121b9565b16108015611be6575b611bbe576fffffffffffffffffffffffffffffffff8616948515611b96578115611b6e576116686101c761273f565b95865f525f60205260405f20956fffffffffffffffffffffffffffffffff875416806fffffffffffffffffffffffffffffffff036fffffffffffffffffffffffffffffffff8111611b41576fffffffffffffffffffffffffffffffff168311611b1957896116d591612296565b966fffffffffffffffffffffffffffffffff88167fffffffffffffffffffffffffffffffff00000000000000000000000000000000825416179055816fffffffffffffffffffffffffffffffff8816149384611b01575b73ffffffffffffffffffffffffffffffffffffffff611749611d96565b1691604051947f70a08231000000000000000000000000000000000000000000000000000000008652306004870152602086602481875afa958615611ac2575f96611acd575b50611798611d50565b92803b15611a8f5773ffffffffffffffffffffffffffffffffffffffff5f60c488968f601f878b98869a7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0946040519d8e9c8d9b8c997fe416d8d3000000000000000000000000000000000000000000000000000000008b521660048a015260248901526044880152606487015260a060848701528160a48701528686013785858286010152011681010301925af18015611ac257611aa6575b50906020602492604051938480927f70a082310000000000000000000000000000000000000000000000000000000082523060048301525afa918215611a9b578a92611a61575b506118a49192611e48565b03611a3957611925575b5050604080516fffffffffffffffffffffffffffffffff948516815293909116602084015233927f6c2a09353b5e75e70d0b9778b80a413809bb235d46c211811c474b3346791d8991819081015b0390a3807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6040519160043573ffffffffffffffffffffffffffffffffffffffff8116809103611a3557835260243573ffffffffffffffffffffffffffffffffffffffff8116809103611a3557602084015250604082015260643573ffffffffffffffffffffffffffffffffffffffff811680910361062e57606082015260843573ffffffffffffffffffffffffffffffffffffffff811680910361062e57608082015260a4359164ffffffffff831680930361062e57837f69d8248d5566bdb2ebc4d218970710d8378a2ff9b709a999e052b71970f808fa60e0847f6c2a09353b5e75e70d0b9778b80a413809bb235d46c211811c474b3346791d899660a06118fc97015260c43560c0820152a2916118ae565b8780fd5b6004877feb43592c000000000000000000000000000000000000000000000000000000008152fd5b91506020823d602011611a93575b81611a7c60209383611dda565b81010312611a8f576118a4915191611899565b5f80fd5b3d9150611a6f565b6040513d8c823e3d90fd5b602492919a505f611ab691611dda565b60205f9a919250611852565b6040513d5f823e3d90fd5b9095506020813d602011611af9575b81611ae960209383611dda565b81010312611a8f5751945f61178f565b3d9150611adc565b9350875f525f60205260405f205460801c159361172c565b7f1132981b000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7f18b1afd4000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f56316e87000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f4574fab6000000000000000000000000000000000000000000000000000000005f5260045ffd5b5062278d0064ffffffffff611bf96121b9565b1611611639565b7fea3a9a39000000000000000000000000000000000000000000000000000000005f5260045ffd5b60e435906fffffffffffffffffffffffffffffffff82168203611a8f57565b6004359073ffffffffffffffffffffffffffffffffffffffff82168203611a8f57565b6024359073ffffffffffffffffffffffffffffffffffffffff82168203611a8f57565b359073ffffffffffffffffffffffffffffffffffffffff82168203611a8f57565b9181601f84011215611a8f5782359167ffffffffffffffff8311611a8f5760208381860195010111611a8f57565b9181601f84011215611a8f5782359167ffffffffffffffff8311611a8f576020808501948460051b010111611a8f57565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602080948051918291828752018686015e5f8582860101520116010190565b60043573ffffffffffffffffffffffffffffffffffffffff81168103611a8f5790565b60643573ffffffffffffffffffffffffffffffffffffffff81168103611a8f5790565b60843573ffffffffffffffffffffffffffffffffffffffff81168103611a8f5790565b3573ffffffffffffffffffffffffffffffffffffffff81168103611a8f5790565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117611e1b57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b91908201809211611b4157565b60e08101929173ffffffffffffffffffffffffffffffffffffffff611e7982611c8d565b16825273ffffffffffffffffffffffffffffffffffffffff611e9d60208301611c8d565b16602083015273ffffffffffffffffffffffffffffffffffffffff611ec460408301611c8d565b16604083015273ffffffffffffffffffffffffffffffffffffffff611eeb60608301611c8d565b16606083015273ffffffffffffffffffffffffffffffffffffffff611f1260808301611c8d565b16608083015260a081013564ffffffffff8116809103611a8f5760a083015260c090810135910152565b9190811015611f7c5760051b810135907ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec181360301821215611a8f570190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b6060906fffffffffffffffffffffffffffffffff611ff993604051927f1e1bd6ff84c3e0d9029a292b212e039c0ca97ec497c55191a4a5874294609a698452602084015216604082015220612809565b90565b906fffffffffffffffffffffffffffffffff809116911603906fffffffffffffffffffffffffffffffff8211611b4157565b73ffffffffffffffffffffffffffffffffffffffff8116805f52600360205260405f2073ffffffffffffffffffffffffffffffffffffffff84165f5260205260405f20928354936fffffffffffffffffffffffffffffffff6120968187169660801c87611ffc565b1694851561213457612106926120fe73ffffffffffffffffffffffffffffffffffffffff928894906fffffffffffffffffffffffffffffffff7fffffffffffffffffffffffffffffffff0000000000000000000000000000000083549260801b169116179055565b16938461291b565b6040519283527f7337b4386b690fdb8ba66905b92b9d45d33bc6626ee2620c905fb150ec0cc47d60203394a4565b505050505050565b67ffffffffffffffff8111611e1b5760051b60200190565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe181360301821215611a8f570180359067ffffffffffffffff8211611a8f57602001918136038313611a8f57565b8051821015611f7c5760209160051b010190565b60a43564ffffffffff81168103611a8f5790565b6fffffffffffffffffffffffffffffffff611ff993608093604051937fbe23ad087435072cd69b49cc5b92de10ee610fce7ae0ab428307972d764bb21685526020850152604084015216606082015220612809565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c61226e5760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d565b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b906fffffffffffffffffffffffffffffffff809116911601906fffffffffffffffffffffffffffffffff8211611b4157565b356fffffffffffffffffffffffffffffffff81168103611a8f5790565b90805f525f60205260405f209182548060801c61230561012084016122c8565b916fffffffffffffffffffffffffffffffff8316828111156125e85761232d60e086016122c8565b916fffffffffffffffffffffffffffffffff831682116125c0576fffffffffffffffffffffffffffffffff1610612598576123689085611fa9565b73ffffffffffffffffffffffffffffffffffffffff61238960208601611db9565b16806124fb575092612429836123e76124f695946123e17f36bd546bb573e8921fdbfd934bbed62d872796b01792cd240cce27f79dd3eddd986123cb87611db9565b6123d9610100890189612154565b929091612aac565b82611ffc565b97906fffffffffffffffffffffffffffffffff7fffffffffffffffffffffffffffffffff0000000000000000000000000000000083549260801b169116179055565b73ffffffffffffffffffffffffffffffffffffffff61244a60408301611db9565b165f52600360205273ffffffffffffffffffffffffffffffffffffffff612477608060405f209301611db9565b165f5260205260405f206fffffffffffffffffffffffffffffffff61249f8782845416612296565b167fffffffffffffffffffffffffffffffff000000000000000000000000000000008254161790556040519182913396839092916fffffffffffffffffffffffffffffffff60209181604085019616845216910152565b0390a3565b9061253861252f73ffffffffffffffffffffffffffffffffffffffff92612529610100899897980189612154565b91612ee7565b90929192612f1b565b1603612570577f36bd546bb573e8921fdbfd934bbed62d872796b01792cd240cce27f79dd3eddd92612429826123e76124f6956123e1565b7f8baa579f000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f7d8242b6000000000000000000000000000000000000000000000000000000005f5260045ffd5b7ff1789775000000000000000000000000000000000000000000000000000000005f5260045ffd5b50505050505050565b906125fb8261213c565b6126086040519182611dda565b8281527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0612636829461213c565b0190602036910137565b9061264a816125f1565b91612654826125f1565b915f5b8181106126a0575050506020815160051b9101207f42bd57c010b870c2e96203c66341f28a6a19b4d56a74533a8eb5f706b9fd6d575f5260205261269d60405f20612809565b91565b8060806126b06001938587611f3c565b6126bc6101c7826127a4565b90816126c8858b6121a5565b526fffffffffffffffffffffffffffffffff6126f5610120826126ed60e086016122c8565b1693016122c8565b1690604051927f30b9a0367528fca13c3e8ec6134c3113f1887ebe7a1ad61de0955aac288b0cf584526020840152604083015260608201522061273882876121a5565b5201612657565b6040517f1c9a06ceab9b0ebbd3301dc56c9111bb6d9af421356dc9ccb3b7084c755db30881526020810160e06004823760a0820151608083015117906060830151906040840151905117171760c082015160281c9060a01c17611a8f57610100902090565b604051907f1c9a06ceab9b0ebbd3301dc56c9111bb6d9af421356dc9ccb3b7084c755db308825260e06020830191823760a0820151608083015117906060830151906040840151905117171760c082015160281c9060a01c17611a8f57610100902090565b7f00000000000000000000000000000000000000000000000000000000000000007f000000000000000000000000000000000000000000000000000000000000000030147f000000000000000000000000000000000000000000000000000000000000000046141615612894575b6719010000000000005f52601a52603a526042601820905f603a52565b5060a06040517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f81527f000000000000000000000000000000000000000000000000000000000000000060208201527f0000000000000000000000000000000000000000000000000000000000000000604082015246606082015230608082015220612877565b9173ffffffffffffffffffffffffffffffffffffffff604051927fa9059cbb000000000000000000000000000000000000000000000000000000005f521660045260245260205f60448180865af19060015f51148216156129c4575b604052156129825750565b73ffffffffffffffffffffffffffffffffffffffff907f5274afe7000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b9060018115166129dc57823b15153d15161690612977565b503d5f823e3d90fd5b905f8091602081519101845af48080612a99575b15612a195750506040513d81523d5f602083013e60203d82010160405290565b15612a605773ffffffffffffffffffffffffffffffffffffffff907f9996b315000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b3d15612a71576040513d5f823e3d90fd5b7fd6bda275000000000000000000000000000000000000000000000000000000005f5260045ffd5b503d1515806129f95750813b15156129f9565b90612ab8939291612d25565b1561257057565b6fffffffffffffffffffffffffffffffff821615612c6f57805f52600160205260405f2060018154019055805f525f602052612b1a60405f209261028e84546fffffffffffffffffffffffffffffffff8160801c9116611ffc565b916fffffffffffffffffffffffffffffffff8316928315612c6957806fffffffffffffffffffffffffffffffff612b57612b859382865416611ffc565b167fffffffffffffffffffffffffffffffff0000000000000000000000000000000084541617835583612e3f565b604051838152827fa84286cf8ebc7903a663c77c8d99aa92b600d4c2fcca872a5d4a663db4eb394b60203393a3546fffffffffffffffffffffffffffffffff8116159081612c5d575b50612c24575b506084359073ffffffffffffffffffffffffffffffffffffffff821691828103611a8f575060043573ffffffffffffffffffffffffffffffffffffffff81168103611a8f57612c229261291b565b565b7f8d5942f197f362dfd44dfdc1b0b7a9721c9151b67f55817c83349271d3c08d3760405180612c54600482611e55565b0390a25f612bd4565b905060801c155f612bce565b50505050565b7fd758525c000000000000000000000000000000000000000000000000000000005f5260045ffd5b60043573ffffffffffffffffffffffffffffffffffffffff811690818103611a8f575033148015612cc55790565b5060243573ffffffffffffffffffffffffffffffffffffffff811690818103611a8f5750331490565b906fffffffffffffffffffffffffffffffff81166fffffffffffffffffffffffffffffffff8316105f14612d20575090565b905090565b929190833b612d9c5790612d399291612ee7565b506004811015612d6f57159182612d4f57505090565b73ffffffffffffffffffffffffffffffffffffffff919250811691161490565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b60647fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f855f9660209896604051967f1626ba7e0000000000000000000000000000000000000000000000000000000088526004880152604060248801528160448801528587013786848287010152011601915afa7f1626ba7e000000000000000000000000000000000000000000000000000000005f5114601f3d11161690565b90815f52600260205260405f2090815464ffffffffff8160801c1615612c69576fffffffffffffffffffffffffffffffff16806fffffffffffffffffffffffffffffffff831610155f14612e9f575050505f5260026020525f6040812055565b6fffffffffffffffffffffffffffffffff92935090612ebd91611ffc565b167fffffffffffffffffffffffffffffffff00000000000000000000000000000000825416179055565b9060418303612f1157612f0a9250602081013591604082359201355f1a90612fc6565b9192909190565b50505f9160029190565b6004811015612d6f5780612f2d575050565b60018103612f5d577ff645eedf000000000000000000000000000000000000000000000000000000005f5260045ffd5b60028103612f9157507ffce698f7000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b600314612f9b5750565b7fd78bce0c000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0841161304a579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa15611ac2575f5173ffffffffffffffffffffffffffffffffffffffff81161561304057905f905f90565b505f906001905f90565b5050505f916003919056' as const
