// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EvidenceLeaf, Receipt, SignedOffer, SignedReceipt} from "../Proof.sol";

/// @title IFraudVerifier
/// @notice Fraud that is provable from what a provider signed, and of `overcharge` from what it claimed:
/// docs/evidence.md, "What it proves".
/// @dev Every function answers `guilty`, or not guilty as far as what was shown goes, and names the provider whose
/// signature that is. It reverts where what was shown says nothing: bytes that are not a receipt, a wrong signature, a
/// path that leads elsewhere, an answer that nobody can draw again. The reasons are in `ProofErrors`.
///
/// Whose key a provider has is not known here: hold `provider` against the one that you mean.
interface IFraudVerifier {
    /// @notice Chain that the receipts have to name.
    function CHAIN_ID() external view returns (uint256);

    /// @notice Settlement contract that the receipts have to name.
    function SETTLEMENT() external view returns (address);

    /// @notice Reads a receipt and verifies its signature.
    function readReceipt(SignedReceipt calldata signed) external view returns (Receipt memory receipt);

    /// @notice Two receipts for one place of a channel.
    /// @return guilty True if they differ; the same receipt under two signatures is one receipt. Where one charges
    /// nothing, all told, nothing is said.
    function equivocation(SignedReceipt calldata one, SignedReceipt calldata other)
        external
        view
        returns (bool guilty, address provider);

    /// @notice Looks up what was claimed on a channel so far, and remembers by which block that was. Anybody may call.
    /// @dev The settlement contract says how much was claimed, not in which block. What is seen was claimed in this block
    /// or before it, so the number is never too low for the provider. Each total keeps the first number: who calls again,
    /// or after another claim, takes nothing away. A receipt that names a block between a claim and its witness does not
    /// convict, so witness a claim soon.
    /// @param channelId The channel.
    /// @return totalClaimed Everything claimed on it so far, in base units.
    /// @return number The block in which that total was first seen.
    function witnessClaim(bytes32 channelId) external returns (uint128 totalClaimed, uint256 number);

    /// @notice In which block a total was first seen to be claimed on a channel; zero if never.
    function witnessed(bytes32 channelId, uint128 totalClaimed) external view returns (uint256 number);

    /// @notice Looks up the hash of a block, and remembers it: later it could not be looked up any more. Anybody may call.
    /// @param number One of the last 8,191 blocks, of the last 256 where the chain does not keep more (EIP-2935).
    function witnessBlock(uint256 number) external returns (bytes32 hash);

    /// @notice The hash of a block that was witnessed; zero if it was not.
    function witnessedBlocks(uint256 number) external view returns (bytes32 hash);

    /// @notice A claim that took more than everything charged by then, by the provider's own word: a receipt names a block
    /// that its provider had seen, and by the end of that block more was claimed than the receipt charges, all told.
    /// @dev No clock is read, of nobody. An honest provider names a block by which no more was claimed than it has charged,
    /// whoever claimed it, and none where it knows of none. A block of another chain, or of a part of this one that was
    /// reorganised away, has another hash and convicts nobody.
    /// @param signed The receipt.
    /// @param totalClaimed A total that was witnessed on the receipt's channel; one that the receipt charges needs no witness.
    /// @return guilty True if the receipt names a block of this chain from the witness on, and charges less, all told.
    function overcharge(SignedReceipt calldata signed, uint128 totalClaimed)
        external
        view
        returns (bool guilty, address provider);

    /// @notice A receipt that counts more tokens than its evidence holds.
    /// @param signed The receipt.
    /// @param head Leaf 0 of its evidence.
    /// @return guilty True if `completion` is above the positions without the one that ends the answer, or `prompt` and
    /// `cached` together are above the prompt.
    function overcount(SignedReceipt calldata signed, EvidenceLeaf calldata head)
        external
        view
        returns (bool guilty, address provider);

    /// @notice A receipt whose model is not the one that the offer it names serves.
    /// @dev The receipt names the offer's digest, so its signature binds the offer already. The offer's own signature is
    /// asked for nonetheless, as off the chain: a provider that repeats the digest of a job without a look at it is not
    /// convicted by an offer that somebody else wrote. An offer that has run out still says what was offered.
    /// @param signed The receipt.
    /// @param offer The offer that it names, signed by the same provider.
    /// @return guilty True if the models differ.
    function wrongModel(SignedReceipt calldata signed, SignedOffer calldata offer)
        external
        view
        returns (bool guilty, address provider);

    /// @notice Draws a leaf of positions again.
    /// @param signed The receipt.
    /// @param head Leaf 0 of its evidence.
    /// @param leaf Another leaf of the same evidence.
    /// @return guilty True if a position of the leaf draws another token than the one it says.
    function redraw(SignedReceipt calldata signed, EvidenceLeaf calldata head, EvidenceLeaf calldata leaf)
        external
        view
        returns (bool guilty, address provider);

    /// @notice A leaf that the receipt binds and that breaks a rule of evidence.
    /// @param signed The receipt.
    /// @param head Leaf 0 of its evidence.
    /// @param leaf Another leaf of the same evidence, or leaf 0 once more to show that one.
    /// @return guilty True if the head breaks a rule, or else the leaf.
    function malformed(SignedReceipt calldata signed, EvidenceLeaf calldata head, EvidenceLeaf calldata leaf)
        external
        view
        returns (bool guilty, address provider);
}
