// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IReceiveWithAuthorization
/// @notice The one function of an EIP-3009 token that a deposit needs, in the form that takes any kind of signature.
interface IReceiveWithAuthorization {
    /// @notice Moves tokens to the caller under a signature of their owner.
    /// @param from Owner and signer.
    /// @param to Recipient; must be the caller.
    /// @param value Tokens in the smallest unit.
    /// @param validAfter Unix time in seconds after which the permission holds.
    /// @param validBefore Unix time in seconds before which the permission holds.
    /// @param nonce Any value that the owner has not used.
    /// @param signature ECDSA signature r, s, v of the owner, or what its contract wallet accepts.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;
}
