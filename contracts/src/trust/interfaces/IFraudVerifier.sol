// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EvidenceLeaf, Receipt, SignedReceipt} from "../Proof.sol";

/// @title IFraudVerifier
/// @notice Fraud that is provable from what a provider signed, and from nothing else: docs/evidence.md, "What it proves".
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
    /// @return guilty True if they differ; the same receipt under two signatures is one receipt.
    function equivocation(SignedReceipt calldata one, SignedReceipt calldata other)
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
