// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IDepositCollector} from "../../src/settlement/interfaces/IDepositCollector.sol";

/// @notice Collects with an allowance that the payer gave it.
contract AllowanceCollector is IDepositCollector {
    function collect(address payer, address token, uint256 amount, bytes32, bytes calldata) external {
        require(IERC20(token).transferFrom(payer, msg.sender, amount), "refused");
    }
}

/// @notice Brings another amount than it was asked for, out of the payer's allowance.
contract CarelessCollector is IDepositCollector {
    int256 private immutable difference;

    constructor(int256 difference_) {
        difference = difference_;
    }

    function collect(address payer, address token, uint256 amount, bytes32, bytes calldata) external {
        IERC20(token).transferFrom(payer, msg.sender, uint256(int256(amount) + difference));
    }
}

/// @notice Brings nothing, and calls back into the settlement contract with whatever the depositor supplied.
contract CallingCollector is IDepositCollector {
    bool public succeeded;
    bytes public result;

    function collect(address payer, address token, uint256 amount, bytes32, bytes calldata collectorData) external {
        (succeeded, result) = msg.sender.call(collectorData);
        IERC20(token).transferFrom(payer, msg.sender, amount);
    }
}
