// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ChannelConfig} from "../../src/settlement/Channel.sol";
import {Errors} from "../../src/settlement/libraries/Errors.sol";
import {ContractWallet} from "../support/ContractWallet.sol";
import {AuthorizationCollector} from "../support/Contracts.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice The collector turns an EIP-3009 authorization into a deposit, and into nothing else.
contract CollectDepositTest is Protocol {
    ChannelConfig private config;

    function setUp() public override {
        super.setUp();
        config = channelWith(1);
    }

    function test_worksForOneSettlementContract() external view {
        vm.assertEq(AuthorizationCollector(COLLECTOR).x402BatchSettlement(), SETTLEMENT, "its settlement contract");
    }

    function test_cannotBeBuiltForNobody() external {
        vm.expectRevert(Errors.InvalidX402BatchSettlementAddress.selector);
        deployed("ERC3009DepositCollector.sol:ERC3009DepositCollector", abi.encode(address(0)));
    }

    /// Nobody can send a payer's permission around the settlement contract, not even the payer.
    function test_refusesEveryOtherCaller() external {
        bytes memory data = depositPermission(config, 1e18, PAYER_KEY);
        bytes32 channelId = settlement.getChannelId(config);
        // Whoever calls, at a lower address or a higher one.
        address[3] memory callers = [payer, address(1), address(type(uint160).max)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(Errors.OnlyX402BatchSettlement.selector);
            AuthorizationCollector(COLLECTOR).collect(payer, address(token), 1e18, channelId, data);
        }
    }

    /// An authorization pays once.
    function test_refusesReplay() external {
        bytes memory data = depositPermission(config, 1e18, PAYER_KEY);
        settlement.deposit(config, 1e18, COLLECTOR, data);

        (,, uint256 salt,) = abi.decode(data, (uint256, uint256, uint256, bytes));
        bytes32 nonce = keccak256(abi.encode(settlement.getChannelId(config), salt));
        vm.assertTrue(token.authorizationState(payer, nonce), "nonce is used");
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, payer, nonce));
        settlement.deposit(config, 1e18, COLLECTOR, data);
    }

    /// The authorization is bound to its channel: a thief cannot use it to fund a channel of which he is the receiver.
    function test_refusesAuthorizationOfAnotherChannel() external {
        bytes memory data = depositPermission(config, 1e18, PAYER_KEY);
        ChannelConfig memory ofThief = channelWith(1);
        ofThief.receiver = stranger;
        ofThief.receiverAuthorizer = stranger;

        vm.prank(stranger);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        settlement.deposit(ofThief, 1e18, COLLECTOR, data);
    }

    function test_refusesAnotherAmount() external {
        bytes memory data = depositPermission(config, 1e18, PAYER_KEY);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        settlement.deposit(config, 2e18, COLLECTOR, data);
    }

    /// Only the payer can spend the payer's tokens, the payer authorizer cannot.
    function test_refusesAnotherSigner() external {
        bytes memory data = depositPermission(config, 1e18, PAYER_AUTHORIZER_KEY);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        settlement.deposit(config, 1e18, COLLECTOR, data);
    }

    function test_refusesOutsideTheValidityWindow() external {
        bytes32 nonce = keccak256(abi.encode(settlement.getChannelId(config), uint256(7)));
        uint256 start = block.timestamp + 10;
        uint256 end = block.timestamp + 20;
        bytes32 digest = receiveDigest(payer, COLLECTOR, 1e18, start, end, nonce);
        bytes memory data = abi.encode(start, end, uint256(7), signature(PAYER_KEY, digest));
        bytes memory reason = abi.encodeWithSelector(ERC3009.ERC3009InvalidAuthorizationTime.selector, start, end);

        vm.warp(start);
        vm.expectRevert(reason);
        settlement.deposit(config, 1e18, COLLECTOR, data);

        vm.warp(end);
        vm.expectRevert(reason);
        settlement.deposit(config, 1e18, COLLECTOR, data);

        vm.warp(start + 1);
        settlement.deposit(config, 1e18, COLLECTOR, data);
        vm.assertEq(balanceOf(config), 1e18, "valid in between");
    }

    function test_refusesMoreThanThePayerHas() external {
        bytes memory data = depositPermission(config, WEALTH + 1, PAYER_KEY);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, payer, WEALTH, uint256(WEALTH) + 1)
        );
        settlement.deposit(config, WEALTH + 1, COLLECTOR, data);
    }

    function test_refusesMalformedPermission() external {
        vm.expectRevert();
        settlement.deposit(config, 1e18, COLLECTOR, hex"1234");
    }

    /// A payer whose wallet is a contract pays in the same way.
    function test_collectsFromContractWallet() external {
        ContractWallet wallet = new ContractWallet(stranger);
        token.mint(address(wallet), 1e18);
        config.payer = address(wallet);

        settlement.deposit(config, 1e18, COLLECTOR, depositPermission(config, 1e18, STRANGER_KEY));
        vm.assertEq(balanceOf(config), 1e18, "paid by the wallet");
    }
}
