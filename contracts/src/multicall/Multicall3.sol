// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Multicall3
/// @notice Many reads in one call, at the address where every public chain has them: wallets and x402's SDK read
/// through it. Written from the public interface; only the two functions that are read through.
/// @dev It holds nothing and knows nobody: a call made through it comes from this contract, not from its caller.
contract Multicall3 {
    struct Call {
        address target;
        bytes callData;
    }

    struct Call3 {
        address target;
        bool allowFailure;
        bytes callData;
    }

    struct Result {
        bool success;
        bytes returnData;
    }

    /// @notice Makes calls in order.
    /// @param requireSuccess True: the first call that fails reverts all of them.
    /// @param calls What to call, and with what.
    /// @return returnData One result a call, in order.
    function tryAggregate(bool requireSuccess, Call[] calldata calls)
        external
        payable
        returns (Result[] memory returnData)
    {
        returnData = new Result[](calls.length);
        for (uint256 i = 0; i < calls.length; i++) {
            returnData[i] = _call(calls[i].target, calls[i].callData, requireSuccess);
        }
    }

    /// @notice Makes calls in order, of which some may fail.
    /// @param calls What to call, with what, and whether it may fail; one that may not reverts all of them.
    /// @return returnData One result a call, in order.
    function aggregate3(Call3[] calldata calls) external payable returns (Result[] memory returnData) {
        returnData = new Result[](calls.length);
        for (uint256 i = 0; i < calls.length; i++) {
            returnData[i] = _call(calls[i].target, calls[i].callData, !calls[i].allowFailure);
        }
    }

    function _call(address target, bytes calldata callData, bool mustSucceed) private returns (Result memory result) {
        (result.success, result.returnData) = target.call(callData);
        require(result.success || !mustSucceed, "Multicall3: call failed");
    }
}
