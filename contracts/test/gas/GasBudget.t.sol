// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig, VoucherClaim} from "../../src/settlement/Channel.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice What a channel costs on the chain, in gas of whole transactions: the flat fee, the calldata, the execution on
/// cold storage, less the refund. The limits here are promises of the README; the exact figures are in `snapshots/`.
/// forge-config: default.isolate = true
/// forge-config: ci.isolate = true
contract GasBudgetTest is Protocol {
    uint128 private constant DEPOSIT = 100e18;
    uint128 private constant EARNED = 3_141_592_653_589_793;
    uint256 private constant BATCH = 100;

    /// @dev A channel with a salt as random as salts are, because zero bytes are cheaper.
    function channelAt(uint256 index) private view returns (ChannelConfig memory config) {
        config = channelWith(uint256(keccak256(abi.encode("channel", index))));
        config.receiver = address(uint160(uint256(keccak256("receiver"))));
    }

    // ------------------------------------------------------------- one transaction each

    function deposit(uint256 index) private returns (uint256) {
        fund(channelAt(index), DEPOSIT);
        return gasOfTransaction();
    }

    function claim(uint256 index, uint128 total) private returns (uint256) {
        claimed(channelAt(index), total);
        return gasOfTransaction();
    }

    function settle() private returns (uint256) {
        settlement.settle(channelAt(0).receiver, address(token));
        return gasOfTransaction();
    }

    /// @dev A payment without a channel, as the `exact` scheme makes it: one transfer with authorization.
    function payExactly(bytes32 nonce) private returns (uint256) {
        bytes32 typeHash = keccak256(
            "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
        );
        address to = channelAt(0).receiver;
        uint256 end = type(uint256).max;
        bytes32 digest = tokenDigest(keccak256(abi.encode(typeHash, payer, to, EARNED, 0, end, nonce)));
        bytes memory proof = signature(PAYER_KEY, digest);
        vm.prank(stranger);
        token.transferWithAuthorization(payer, to, EARNED, 0, end, nonce, proof);
        return gasOfTransaction();
    }

    function gasOfTransaction() private view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }

    // ------------------------------------------------------------- what they cost

    /// The first deposit ever also fills the contract's empty purse; every later channel is cheaper, and a top-up more so.
    function test_deposit() external {
        vm.snapshotValue("deposit, first of all channels", deposit(0));
        vm.snapshotValue("deposit, new channel", deposit(1));
        vm.snapshotValue("deposit, top-up", deposit(1));
    }

    function test_claimOfOneChannel() external {
        deposit(0);
        vm.snapshotValue("claim, first of a receiver", claim(0, EARNED));
        vm.snapshotValue("claim, later", claim(0, EARNED * 2));
    }

    function test_settle() external {
        deposit(0);
        claim(0, EARNED);
        vm.snapshotValue("settle, first of a receiver", settle());
        claim(0, EARNED * 2);
        vm.snapshotValue("settle, later", settle());
    }

    function test_exactPayment() external {
        vm.snapshotValue("exact payment, first of a receiver", payExactly(keccak256("first")));
        vm.snapshotValue("exact payment, later", payExactly(keccak256("later")));
    }

    function test_refundAndWithdrawal() external {
        ChannelConfig memory config = channelAt(0);
        deposit(0);
        vm.prank(receiverAuthorizer);
        settlement.refund(config, DEPOSIT / 4);
        vm.snapshotValue("refund", gasOfTransaction());

        bytes memory proof = refundConsent(config, 1, DEPOSIT / 4);
        vm.prank(stranger);
        settlement.refundWithSignature(config, DEPOSIT / 4, 1, proof);
        vm.snapshotValue("refundWithSignature", gasOfTransaction());

        vm.prank(payer);
        settlement.initiateWithdraw(config, DEPOSIT / 4);
        vm.snapshotValue("initiateWithdraw", gasOfTransaction());

        vm.warp(block.timestamp + DELAY);
        vm.prank(payer);
        settlement.finalizeWithdraw(config);
        vm.snapshotValue("finalizeWithdraw", gasOfTransaction());
    }

    /// A row of a claim over 100 channels costs at most 26,000 gas, everything counted.
    function test_claimOfManyChannels() external {
        for (uint256 i = 0; i < BATCH; ++i) {
            deposit(i);
        }
        VoucherClaim[] memory rows = batch(EARNED);
        vm.prank(receiverAuthorizer);
        settlement.claim(rows);
        uint256 perRow = gasOfTransaction() / BATCH;
        vm.snapshotValue("claim, per row of 100", perRow);
        vm.assertLe(perRow, 26_000, "claim");

        rows = batch(EARNED * 2);
        bytes memory proof = consent(rows);
        vm.prank(stranger);
        settlement.claimWithSignature(rows, proof);
        perRow = gasOfTransaction() / BATCH;
        vm.snapshotValue("claimWithSignature, per row of 100", perRow);
        vm.assertLe(perRow, 26_000, "claimWithSignature");
    }

    /// One channel alone, without any batching: a deposit, ten claims and one settlement cost at most 800,000 gas, which
    /// is 80 gas a request over 10,000 requests.
    function test_lifeOfOneChannel() external {
        uint256 total = deposit(0);
        for (uint128 i = 1; i <= 10; ++i) {
            total += claim(0, EARNED * i);
        }
        total += settle();
        vm.snapshotValue("deposit + 10 claims + settle", total);
        vm.assertLe(total, 800_000, "life of a channel");
    }

    /// A channel pays off after four requests at the latest: deposit, claim and settlement together cost at most four
    /// payments without a channel.
    function test_channelBeatsFourExactPayments() external {
        uint256 withChannel = deposit(0);
        withChannel += claim(0, EARNED);
        withChannel += settle();
        payExactly(keccak256("first"));
        uint256 exact = payExactly(keccak256("later"));
        vm.snapshotValue("deposit + claim + settle", withChannel);
        vm.assertLe(withChannel, 4 * exact, "four payments");
    }

    function batch(uint128 total) private view returns (VoucherClaim[] memory rows) {
        rows = new VoucherClaim[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            rows[i] = row(channelAt(i), total + total / 3, total);
        }
    }
}
