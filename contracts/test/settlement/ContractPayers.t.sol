// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig, VoucherClaim} from "../../src/settlement/Channel.sol";
import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {Errors} from "../../src/settlement/libraries/Errors.sol";
import {ContractWallet} from "../support/ContractWallet.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice A channel without payer authorizer: the payer itself signs, as a plain key or as a contract (ERC-1271).
contract ContractPayersTest is Protocol {
    ChannelConfig private config;
    ContractWallet private wallet;

    function setUp() public override {
        super.setUp();
        wallet = new ContractWallet(payer);
        config = channelWith(1);
        config.payerAuthorizer = address(0);
    }

    /// @dev Gives a payer a channel with ten tokens, whatever it is.
    function open(address payer_) private {
        config.payer = payer_;
        token.mint(payer_, 10e18);
        bytes32 channelId = settlement.getChannelId(config);
        bytes32 nonce = keccak256(abi.encode(channelId, uint256(1)));
        bytes32 digest = receiveDigest(payer_, COLLECTOR, 10e18, 0, type(uint256).max, nonce);
        settlement.deposit(
            config,
            10e18,
            COLLECTOR,
            abi.encode(uint256(0), type(uint256).max, uint256(1), signature(PAYER_KEY, digest))
        );
    }

    function voucherBy(uint256 key, uint128 amount) private view returns (VoucherClaim[] memory) {
        bytes32 digest = settlement.getVoucherDigest(settlement.getChannelId(config), amount);
        return only(rowSigned(config, amount, amount, signature(key, digest)));
    }

    /// A plain key signs for itself.
    function test_plainPayerSigns() external {
        open(payer);
        VoucherClaim[] memory batch = voucherBy(PAYER_KEY, 1e18);
        vm.prank(receiver);
        settlement.claim(batch);
        vm.assertEq(claimedOf(config), 1e18, "claimed");
    }

    /// A contract wallet signs with the key it trusts.
    function test_contractWalletSigns() external {
        open(address(wallet));
        VoucherClaim[] memory batch = voucherBy(PAYER_KEY, 1e18);
        vm.prank(receiver);
        settlement.claim(batch);
        vm.assertEq(claimedOf(config), 1e18, "claimed");
    }

    /// The danger of such a channel for the receiver: a wallet may take back its word until the claim is on chain.
    function test_walletCanTakeBackItsWord() external {
        open(address(wallet));
        VoucherClaim[] memory batch = voucherBy(PAYER_KEY, 1e18);
        wallet.changeOwner(stranger);
        vm.prank(receiver);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claim(batch);
    }

    function test_refusesAnotherKey() external {
        open(address(wallet));
        VoucherClaim[] memory batch = voucherBy(STRANGER_KEY, 1e18);
        vm.prank(receiver);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claim(batch);
    }

    function test_refusesAnotherKeyOfPlainPayer() external {
        open(payer);
        VoucherClaim[] memory batch = voucherBy(STRANGER_KEY, 1e18);
        vm.prank(receiver);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claim(batch);
    }

    /// Only the agreed answer counts as a yes.
    function test_refusesSloppyAnswers() external {
        open(address(wallet));
        VoucherClaim[] memory batch = voucherBy(PAYER_KEY, 1e18);
        bytes[4] memory answers = [
            bytes(""),
            abi.encodePacked(ContractWallet.isValidSignature.selector),
            abi.encode(true),
            abi.encode(uint256(uint32(ContractWallet.isValidSignature.selector)))
        ];
        for (uint256 i = 0; i < answers.length; ++i) {
            vm.mockCall(address(wallet), abi.encodePacked(ContractWallet.isValidSignature.selector), answers[i]);
            vm.prank(receiver);
            vm.expectRevert(Errors.InvalidSignature.selector);
            settlement.claim(batch);
        }
    }

    /// A payer authorizer is a plain key even if a contract lives at its address: its word cannot change.
    function test_authorizerIsNeverAskedAsContract() external {
        config.payerAuthorizer = address(wallet);
        open(payer);
        VoucherClaim[] memory batch = voucherBy(PAYER_KEY, 1e18);
        vm.prank(receiver);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claim(batch);
    }

    /// The wallet itself can withdraw.
    function test_contractWalletWithdraws() external {
        open(address(wallet));
        wallet.execute(SETTLEMENT, abi.encodeCall(IBatchSettlement.initiateWithdraw, (config, 10e18)));
        vm.warp(block.timestamp + DELAY);
        wallet.execute(SETTLEMENT, abi.encodeCall(IBatchSettlement.finalizeWithdraw, (config)));
        vm.assertEq(token.balanceOf(address(wallet)), 10e18, "all back");
    }
}
