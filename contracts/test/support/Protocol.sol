// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig, Voucher, VoucherClaim} from "../../src/settlement/Channel.sol";
import {Settlement, Token} from "./Contracts.sol";
import {Test} from "./Test.sol";

/// @notice A chain with the token, the settlement contract and the collector in their agreed places, and the four
/// parties of a channel.
abstract contract Protocol is Test {
    address internal constant SETTLEMENT = 0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003;
    address internal constant COLLECTOR = 0x4020806089470a89826cB9fB1f4059150b550004;

    uint256 internal constant PAYER_KEY = 0xA11CE;
    uint256 internal constant PAYER_AUTHORIZER_KEY = 0xA11CE2;
    uint256 internal constant RECEIVER_AUTHORIZER_KEY = 0xB0B2;
    uint256 internal constant STRANGER_KEY = 0xBAD;

    uint40 internal constant DELAY = 15 minutes;
    uint128 internal constant WEALTH = 1_000_000e18;

    Token internal token;
    Settlement internal settlement = Settlement(SETTLEMENT);

    address internal payer = vm.addr(PAYER_KEY);
    address internal payerAuthorizer = vm.addr(PAYER_AUTHORIZER_KEY);
    address internal receiver = address(0xB0B);
    address internal receiverAuthorizer = vm.addr(RECEIVER_AUTHORIZER_KEY);
    address internal stranger = vm.addr(STRANGER_KEY);

    uint256 private nextAuthorizationSalt;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        token = Token(deployed("HeddleToken.sol:HeddleToken", abi.encode(address(this))));
        place("BatchSettlement.sol:BatchSettlement", "", SETTLEMENT);
        place("ERC3009DepositCollector.sol:ERC3009DepositCollector", abi.encode(SETTLEMENT), COLLECTOR);
        token.mint(payer, WEALTH);

        vm.label(SETTLEMENT, "settlement");
        vm.label(COLLECTOR, "collector");
        vm.label(address(token), "token");
        vm.label(payer, "payer");
        vm.label(payerAuthorizer, "payerAuthorizer");
        vm.label(receiver, "receiver");
        vm.label(receiverAuthorizer, "receiverAuthorizer");
        vm.label(stranger, "stranger");
    }

    /// @dev Puts a contract at a given address the way a development chain does: creation code runs at the address, and
    /// what it returns becomes the code there.
    function place(string memory artifact, bytes memory arguments, address target) internal {
        vm.etch(target, bytes.concat(vm.getCode(artifact), arguments));
        (bool success, bytes memory runtimeCode) = target.call("");
        require(success, "constructor failed");
        vm.etch(target, runtimeCode);
    }

    /// @dev A channel between the four parties; different salts give different channels.
    function channelWith(uint256 salt) internal view returns (ChannelConfig memory) {
        return ChannelConfig({
            payer: payer,
            payerAuthorizer: payerAuthorizer,
            receiver: receiver,
            receiverAuthorizer: receiverAuthorizer,
            token: address(token),
            withdrawDelay: DELAY,
            salt: bytes32(salt)
        });
    }

    /// @dev Pays into a channel with a signed authorization, sent by a stranger.
    function fund(ChannelConfig memory config, uint128 amount) internal {
        bytes memory data = depositPermission(config, amount, PAYER_KEY);
        vm.prank(stranger);
        settlement.deposit(config, amount, COLLECTOR, data);
    }

    /// @dev The payer's permission to collect a deposit, each time with a new salt.
    function depositPermission(ChannelConfig memory config, uint128 amount, uint256 key)
        internal
        returns (bytes memory)
    {
        uint256 salt = ++nextAuthorizationSalt;
        bytes32 nonce = keccak256(abi.encode(settlement.getChannelId(config), salt));
        bytes32 digest = receiveDigest(config.payer, COLLECTOR, amount, 0, type(uint256).max, nonce);
        return abi.encode(uint256(0), type(uint256).max, salt, signature(key, digest));
    }

    /// @dev What an owner signs for `receiveWithAuthorization`.
    function receiveDigest(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce
    ) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
        );
        return tokenDigest(keccak256(abi.encode(typeHash, from, to, value, validAfter, validBefore, nonce)));
    }

    /// @dev Typed-data digest in the token's domain.
    function tokenDigest(bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
    }

    /// @dev A claim row with a voucher by the payer authorizer.
    function row(ChannelConfig memory config, uint128 ceiling, uint128 totalClaimed)
        internal
        view
        returns (VoucherClaim memory)
    {
        bytes32 digest = settlement.getVoucherDigest(settlement.getChannelId(config), ceiling);
        return rowSigned(config, ceiling, totalClaimed, signature(PAYER_AUTHORIZER_KEY, digest));
    }

    /// @dev A claim row with any signature.
    function rowSigned(ChannelConfig memory config, uint128 ceiling, uint128 totalClaimed, bytes memory proof)
        internal
        pure
        returns (VoucherClaim memory)
    {
        return VoucherClaim({
            voucher: Voucher({channel: config, maxClaimableAmount: ceiling}),
            signature: proof,
            totalClaimed: totalClaimed
        });
    }

    /// @dev A batch of one.
    function only(VoucherClaim memory claim) internal pure returns (VoucherClaim[] memory batch) {
        batch = new VoucherClaim[](1);
        batch[0] = claim;
    }

    /// @dev Claims `totalClaimed` from a channel under a voucher for exactly that.
    function claimed(ChannelConfig memory config, uint128 totalClaimed) internal {
        VoucherClaim[] memory batch = only(row(config, totalClaimed, totalClaimed));
        vm.prank(config.receiverAuthorizer);
        settlement.claim(batch);
    }

    /// @dev The receiver authorizer's consent to a batch.
    function consent(VoucherClaim[] memory batch) internal view returns (bytes memory) {
        return signature(RECEIVER_AUTHORIZER_KEY, settlement.getClaimBatchDigest(batch));
    }

    /// @dev The receiver authorizer's signature for a refund.
    function refundConsent(ChannelConfig memory config, uint256 nonce, uint128 amount)
        internal
        view
        returns (bytes memory)
    {
        bytes32 digest = settlement.getRefundDigest(settlement.getChannelId(config), nonce, amount);
        return signature(RECEIVER_AUTHORIZER_KEY, digest);
    }

    function balanceOf(ChannelConfig memory config) internal view returns (uint128 balance) {
        (balance,) = settlement.channels(settlement.getChannelId(config));
    }

    function claimedOf(ChannelConfig memory config) internal view returns (uint128 totalClaimed) {
        (, totalClaimed) = settlement.channels(settlement.getChannelId(config));
    }
}
