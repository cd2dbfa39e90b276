// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC3009, IERC3009Cancel} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {IDepositCollector} from "../../src/settlement/interfaces/IDepositCollector.sol";
import {IReceiveWithAuthorization} from "../../src/settlement/interfaces/IReceiveWithAuthorization.sol";

// Tests know the contracts by their interfaces and load them by name. The tests are then compiled without the
// optimizer, in a third of the time, while the contracts are the very bytes that are deployed.

/// @notice Everything that the settlement contract answers to.
interface Settlement is IBatchSettlement, IERC5267 {
    function multicall(bytes[] calldata data) external returns (bytes[] memory results);
}

/// @notice The collector for EIP-3009 tokens.
interface AuthorizationCollector is IDepositCollector {
    function x402BatchSettlement() external view returns (address);
}

/// @notice Everything that the token answers to.
interface Token is IERC20Metadata, IERC20Permit, IERC3009, IERC3009Cancel, IERC5267, IReceiveWithAuthorization {
    error NotMinter(address caller);

    function MAX_SUPPLY() external view returns (uint256);
    function cap() external view returns (uint256);
    function minter() external view returns (address);
    function mint(address to, uint256 amount) external;
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;
}
