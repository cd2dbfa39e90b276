// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ProofErrors
/// @notice Every reason for which what was handed in proves nothing, neither guilt nor innocence.
library ProofErrors {
    /// @notice Not the canonical JSON of a receipt, or of an offer.
    error MalformedText();

    /// @notice A receipt of another chain or another settlement contract than the verifier's.
    error ForeignReceipt();

    /// @notice A path whose length does not fit its place and size.
    error MalformedPath();

    /// @notice The signature is not by the provider that the receipt, or the offer, names.
    error NotSignedByProvider();

    /// @notice Two receipts of different providers, or a receipt and an offer.
    error DifferentProviders();

    /// @notice Two receipts of different channels, or of different places in one.
    error DifferentPlaces();

    /// @notice Two receipts by which nothing was ever charged on their channel.
    error NothingCharged();

    /// @notice The settlement contract is on another chain than this one, so nothing can be read there.
    error ForeignChain();

    /// @notice Nobody witnessed that so much was claimed on the receipt's channel.
    error NotWitnessed();

    /// @notice The receipt names no block, or one before the claim was witnessed.
    error NotLaterThanClaim();

    /// @notice Nobody witnessed the hash of the block that the receipt names, and it can no longer, or not yet, be looked up.
    error BlockNotWitnessed();

    /// @notice The receipt names a block that is not on this chain: its provider had seen another one.
    error NotOnThisChain();

    /// @notice A kind of work whose evidence is not known here.
    error UnknownWorkload();

    /// @notice The offer is not the one that the receipt names.
    error NotTheOffer();

    /// @notice The receipt names no evidence.
    error NoEvidence();

    /// @notice The leaf is not part of the evidence that the receipt names.
    error NotInEvidence();

    /// @notice The leaf is longer than what is looked at: 131,072 bytes.
    error LeafTooLong();

    /// @notice The leaf is not the one with index 0.
    error NotTheHead();

    /// @notice The leaf with index 0 holds no positions.
    error NotPositions();

    /// @notice The head breaks a rule of evidence, which `malformed` proves.
    error MalformedHead();

    /// @notice The leaf of positions breaks a rule of evidence, which `malformed` proves.
    error MalformedPositions();

    /// @notice The engine drew by itself, so nobody can draw again.
    error NotReplayable();
}
