// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The way from a leaf to the root of its Merkle tree (RFC 6962 §2.1 with sha256).
/// @param index Place of the leaf, from 0.
/// @param size Leaves of the whole tree; at most 2^53 − 1.
/// @param siblings The other child at every level, from the leaf up; at most 40.
struct MerklePath {
    uint64 index;
    uint64 size;
    bytes32[] siblings;
}

/// @notice A receipt as its provider signed it.
/// @param json The receipt in the form of RFC 8785, byte for byte: a leaf of the batch that was signed.
/// @param path From this receipt to the batch's root; of a lone receipt index 0, size 1, no siblings.
/// @param signature 65 bytes r, s, v over the EIP-712 `Statement("receipts", head)`.
struct SignedReceipt {
    bytes json;
    MerklePath path;
    bytes signature;
}

/// @notice An offer as its provider signed it.
/// @param json The offer in the form of RFC 8785, byte for byte.
/// @param signature 65 bytes r, s, v over the EIP-712 `Statement("offer", sha256(json))`.
struct SignedOffer {
    bytes json;
    bytes signature;
}

/// @notice A leaf of the evidence that a receipt names, and the way to its root.
struct EvidenceLeaf {
    bytes leaf;
    MerklePath path;
}

/// @notice What the verifier reads from a receipt; every other field is held against its form and passed over.
/// @param channel Channel that was charged.
/// @param sequence Counts the receipts of a channel from 1.
/// @param charge What this answer cost, in base units.
/// @param charged Everything charged on the channel up to and with this answer.
/// @param finished When the answer ended, in milliseconds by the provider's clock.
/// @param provider Who signed.
/// @param id Digest of the job that was asked for.
/// @param offer Digest of the offer that was taken.
/// @param model Digest of the model that was run.
/// @param nonce The consumer's nonce.
/// @param seed What the job fixes as the seed of draws.
/// @param hasSeen False where the receipt names no block.
/// @param seenBlock Number of the block that its provider had seen; zero where it names none.
/// @param seenHash Hash of that block, likewise.
/// @param hasEvidence False where the receipt says null.
/// @param evidence Commitment to the leaves of the answer's evidence; zero where there is none.
/// @param prompt Tokens of the prompt that were counted; zero where the receipt does not say.
/// @param cached Tokens of the prompt that came from a cache, likewise.
/// @param completion Tokens of the answer, likewise.
/// @param isInference True where the work is of the kind whose evidence the verifier knows.
struct Receipt {
    bytes32 channel;
    uint256 sequence;
    uint256 charge;
    uint256 charged;
    uint256 finished;
    address provider;
    bytes32 id;
    bytes32 offer;
    bytes32 model;
    bytes32 nonce;
    bytes32 seed;
    bool hasSeen;
    uint256 seenBlock;
    bytes32 seenHash;
    bool hasEvidence;
    bytes32 evidence;
    uint256 prompt;
    uint256 cached;
    uint256 completion;
    bool isInference;
}

/// @notice What the verifier reads from an offer; every other field is held against its form and passed over.
/// @param chainId Chain of the domain that it is signed in.
/// @param settlement Settlement contract of that domain.
/// @param provider Who signed.
/// @param model Digest of the model that is served.
struct Offer {
    uint256 chainId;
    address settlement;
    address provider;
    bytes32 model;
}

/// @notice Leaf 0 of an answer's evidence: how its tokens were drawn, and how many there are.
/// @param replayable True where the draw is the provider's own and can be repeated.
/// @param ended True where the last position drew the token that ends the answer.
/// @param width Bytes of a token number, 2 or 3.
/// @param choice Which of several answers; always 0 in version 1.
/// @param topK Most candidates of a position.
/// @param temperature Thousandths; 0 takes the likeliest.
/// @param topP Millionths.
/// @param vocabulary Tokens the model has.
/// @param prompt Tokens of the prompt, those from a cache included.
/// @param positions How many positions follow.
/// @param promptDigest sha256 of the prompt's token numbers.
/// @param seed What the draws are made from.
/// @param class What calibration is looked up by.
struct EvidenceHead {
    bool replayable;
    bool ended;
    uint256 width;
    uint16 choice;
    uint256 topK;
    uint256 temperature;
    uint256 topP;
    uint256 vocabulary;
    uint256 prompt;
    uint256 positions;
    bytes32 promptDigest;
    bytes32 seed;
    bytes32 class;
}
