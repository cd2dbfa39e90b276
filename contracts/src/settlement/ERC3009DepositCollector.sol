// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IDepositCollector} from "./interfaces/IDepositCollector.sol";
import {IReceiveWithAuthorization} from "./interfaces/IReceiveWithAuthorization.sol";
import {Errors} from "./libraries/Errors.sol";

/// @title ERC3009DepositCollector
/// @notice Fetches a deposit with an EIP-3009 authorization, so that the payer needs neither gas nor an allowance.
/// @dev The authorization names this contract as the recipient, because EIP-3009 lets only the recipient use it; the
/// tokens pass through here within one call. Its nonce is made of the channel's id, so an authorization that was signed
/// for one channel cannot pay into another.
contract ERC3009DepositCollector is IDepositCollector {
    using SafeERC20 for IERC20;

    /// @notice The settlement contract that this collector works for, and the only one that may call it.
    address public immutable x402BatchSettlement;

    /// @param settlement The settlement contract; not zero.
    constructor(address settlement) {
        if (settlement == address(0)) revert Errors.InvalidX402BatchSettlementAddress();
        x402BatchSettlement = settlement;
    }

    /// @inheritdoc IDepositCollector
    /// @param collectorData `abi.encode(uint256 validAfter, uint256 validBefore, uint256 salt, bytes signature)`; the
    /// authorization's nonce is `keccak256(abi.encode(channelId, salt))`.
    function collect(address payer, address token, uint256 amount, bytes32 channelId, bytes calldata collectorData)
        external
    {
        if (msg.sender != x402BatchSettlement) revert Errors.OnlyX402BatchSettlement();

        (uint256 validAfter, uint256 validBefore, uint256 salt, bytes memory signature) =
            abi.decode(collectorData, (uint256, uint256, uint256, bytes));
        bytes32 nonce = keccak256(abi.encode(channelId, salt));

        IReceiveWithAuthorization(token)
            .receiveWithAuthorization(payer, address(this), amount, validAfter, validBefore, nonce, signature);
        IERC20(token).safeTransfer(msg.sender, amount);
    }
}
