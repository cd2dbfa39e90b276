// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Multicall3} from "../../src/multicall/Multicall3.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice Many reads in one call, of which some may fail.
contract Multicall3Test is Protocol {
    Multicall3 private reads = new Multicall3();

    function _refused() private view returns (bytes memory) {
        return abi.encodeCall(IERC20.transfer, (stranger, token.totalSupply() + 1));
    }

    /// What fails is said to have failed, and the rest is answered, in order.
    function test_someMayFail() external {
        Multicall3.Call[] memory calls = new Multicall3.Call[](3);
        calls[0] = Multicall3.Call(address(token), abi.encodeCall(IERC20.balanceOf, (payer)));
        calls[1] = Multicall3.Call(address(token), _refused());
        calls[2] = Multicall3.Call(address(token), abi.encodeCall(IERC20.totalSupply, ()));

        Multicall3.Result[] memory results = reads.tryAggregate(false, calls);
        vm.assertEq(results.length, 3, "one result a call");
        vm.assertEq(abi.decode(results[0].returnData, (uint256)), token.balanceOf(payer), "first");
        vm.assertFalse(results[1].success, "refused");
        vm.assertEq(abi.decode(results[2].returnData, (uint256)), token.totalSupply(), "last");
    }

    function test_noneMayFail() external {
        Multicall3.Call[] memory calls = new Multicall3.Call[](1);
        calls[0] = Multicall3.Call(address(token), _refused());
        vm.expectRevert(bytes("Multicall3: call failed"));
        reads.tryAggregate(true, calls);
    }

    /// Each call says for itself whether it may fail.
    function test_eachSaysWhetherItMayFail() external {
        Multicall3.Call3[] memory calls = new Multicall3.Call3[](2);
        calls[0] = Multicall3.Call3(address(token), true, _refused());
        calls[1] = Multicall3.Call3(address(token), false, abi.encodeCall(IERC20.totalSupply, ()));
        Multicall3.Result[] memory results = reads.aggregate3(calls);
        vm.assertFalse(results[0].success, "refused");
        vm.assertTrue(results[1].success, "answered");

        calls[0].allowFailure = false;
        vm.expectRevert(bytes("Multicall3: call failed"));
        reads.aggregate3(calls);
    }

    /// Nothing is done in the name of the caller: an allowance given to it alone is out of reach.
    function test_callsComeFromTheContract() external {
        vm.prank(payer);
        token.approve(stranger, 1);
        Multicall3.Call[] memory calls = new Multicall3.Call[](1);
        calls[0] = Multicall3.Call(address(token), abi.encodeCall(IERC20.transferFrom, (payer, stranger, 1)));
        vm.prank(stranger);
        Multicall3.Result[] memory results = reads.tryAggregate(false, calls);
        vm.assertFalse(results[0].success, "the stranger's allowance is not the contract's");
    }
}
