// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig} from "../../../src/settlement/Channel.sol";
import {Protocol} from "../../support/Protocol.sol";

/// @notice A channel in the settlement contract, as it runs at its agreed place, from which its receiver claims.
contract ClaimedChannel is Protocol {
    ChannelConfig private config;

    constructor() {
        setUp();
        config = channelWith(1);
        fund(config, WEALTH);
    }

    function id() external view returns (bytes32) {
        return settlement.getChannelId(config);
    }

    function claim(uint128 totalClaimed) external {
        claimed(config, totalClaimed);
    }

    /// @dev All that is not claimed goes back to the payer.
    function refund() external {
        vm.prank(receiver);
        settlement.refund(config, WEALTH);
    }
}
