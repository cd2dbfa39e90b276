// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IDepositCollector
/// @notice The way a deposit gets its tokens. The settlement contract knows none of the ways; it calls a collector and
/// then looks at its own balance.
interface IDepositCollector {
    /// @notice Moves tokens from the payer to the calling settlement contract.
    /// @param payer Owner of the tokens.
    /// @param token The ERC-20 token.
    /// @param amount Tokens to move, in the token's smallest unit; the caller accepts neither more nor less.
    /// @param channelId The channel that is paid into, to which the payer's permission must be bound.
    /// @param collectorData The payer's permission in the form that this collector understands.
    function collect(address payer, address token, uint256 amount, bytes32 channelId, bytes calldata collectorData)
        external;
}
