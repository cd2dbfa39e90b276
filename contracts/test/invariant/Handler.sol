// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig, Voucher, VoucherClaim} from "../../src/settlement/Channel.sol";
import {Settlement, Token} from "../support/Contracts.sol";
import {ContractWallet} from "../support/ContractWallet.sol";
import {Test} from "../support/Test.sol";

/// @notice Plays all parties of six channels at random: three payers, one of each kind, with two receivers.
/// @dev Every call into the settlement contract goes through `attempt`, which counts it and whether it reverted. The
/// random choices lean to what an honest party would do and include what a dishonest one would.
contract Handler is Test {
    uint256 public constant PAYERS = 3;
    uint256 public constant RECEIVERS = 2;
    uint256 public constant CHANNELS = PAYERS * RECEIVERS;
    uint128 public constant WEALTH = 1_000_000e18;
    uint256 private constant FORGER_KEY = 0xBAD;

    Token private immutable token;
    Settlement private immutable settlement;
    address private immutable collector;

    address[PAYERS] public payers;
    address[RECEIVERS] public receivers;
    uint256[PAYERS] private ownerKeys;
    uint256[PAYERS] private voucherKeys;
    uint256[RECEIVERS] private authorizerKeys;
    ChannelConfig[] private configs;
    bytes32[CHANNELS] public channelIds;

    /// @dev Highest voucher that the payer's side has signed, by channel.
    mapping(uint256 channel => uint128) public highestSigned;

    /// @dev A row that was sent before. Signing is deterministic, so its parts are enough to send it again.
    struct SentRow {
        uint8 channel;
        uint120 ceiling;
        uint128 total;
    }

    SentRow[] private sent;

    uint256 public donated;
    uint256 public calls;
    uint256 public reverts;
    uint256 public forgeriesAccepted;
    mapping(bytes4 selector => uint256) public successes;
    mapping(bytes4 selector => uint256) public failures;
    uint256 private nextSalt;

    constructor(Token token_, Settlement settlement_, address collector_) {
        (token, settlement, collector) = (token_, settlement_, collector_);
        for (uint256 i = 0; i < RECEIVERS; ++i) {
            authorizerKeys[i] = 0xB0B00 + i;
            receivers[i] = address(uint160(0xBEEF00 + i));
        }
        for (uint256 i = 0; i < PAYERS; ++i) {
            ownerKeys[i] = 0xA11CE00 + i;
            payers[i] = vm.addr(ownerKeys[i]);
            voucherKeys[i] = ownerKeys[i];
        }
        // The first payer has a separate voucher key, the second signs itself, the third is a contract.
        voucherKeys[0] = 0xA11CEFF;
        payers[2] = address(new ContractWallet(payers[2]));

        for (uint256 i = 0; i < CHANNELS; ++i) {
            configs.push(
                ChannelConfig({
                    payer: payers[i / RECEIVERS],
                    payerAuthorizer: i / RECEIVERS == 0 ? vm.addr(voucherKeys[0]) : address(0),
                    receiver: receivers[i % RECEIVERS],
                    receiverAuthorizer: vm.addr(authorizerKeys[i % RECEIVERS]),
                    token: address(token_),
                    withdrawDelay: 15 minutes,
                    salt: bytes32(i)
                })
            );
            channelIds[i] = settlement_.getChannelId(configs[i]);
        }
    }

    // ---------------------------------------------------------------- what the parties do

    function deposit(uint256 seed, uint128 amount) external {
        uint256 channel = seed % CHANNELS;
        ChannelConfig memory config = configs[channel];
        uint256 wealth = token.balanceOf(config.payer);
        // Now and then more than the payer has.
        amount = uint128(within(amount, 1, seed % 8 == 7 ? wealth * 4 + 1 : wealth / 4 + 1));
        bytes memory data = permission(channel, amount);
        attempt(address(this), abi.encodeCall(settlement.deposit, (config, amount, collector, data)));
    }

    function claim(uint256 seed, uint128 ceiling, uint128 total) external {
        uint256 channel = seed % CHANNELS;
        VoucherClaim[] memory rows = new VoucherClaim[](1);
        rows[0] = signedRow(channel, ceiling, total);
        address caller = seed % 2 == 0 ? configs[channel].receiver : configs[channel].receiverAuthorizer;
        attempt(caller, abi.encodeCall(settlement.claim, (rows)));
    }

    function claimAll(uint256 seed, uint128 ceiling, uint128 total) external {
        uint256 receiver = seed % RECEIVERS;
        VoucherClaim[] memory rows = new VoucherClaim[](PAYERS);
        for (uint256 i = 0; i < PAYERS; ++i) {
            rows[i] = signedRow(i * RECEIVERS + receiver, ceiling, total);
        }
        bytes memory proof = signature(authorizerKeys[receiver], settlement.getClaimBatchDigest(rows));
        attempt(address(this), abi.encodeCall(settlement.claimWithSignature, (rows, proof)));
    }

    function replayClaim(uint256 seed) external {
        if (sent.length == 0) return;
        SentRow memory old = sent[seed % sent.length];
        VoucherClaim[] memory rows = new VoucherClaim[](1);
        rows[0] = rowWith(old.channel, old.ceiling, old.total, voucherKeys[old.channel / RECEIVERS]);
        attempt(rows[0].voucher.channel.receiver, abi.encodeCall(settlement.claim, (rows)));
    }

    /// @dev A dishonest receiver: a voucher nobody signed. Only claims that would take something count as accepted.
    function forgeClaim(uint256 seed, uint128 total) external {
        if (seed % 4 != 0) return;
        uint256 channel = seed % CHANNELS;
        (, uint128 claimed) = state(channel);
        total = uint128(within(total, uint256(claimed) + 1, uint256(claimed) + 1e18));
        VoucherClaim[] memory rows = new VoucherClaim[](1);
        rows[0] = rowWith(channel, total, total, FORGER_KEY);
        bool accepted = attempt(configs[channel].receiver, abi.encodeCall(settlement.claim, (rows)));
        if (accepted) ++forgeriesAccepted;
    }

    function settle(uint256 seed) external {
        attempt(address(this), abi.encodeCall(settlement.settle, (receivers[seed % RECEIVERS], address(token))));
    }

    function refund(uint256 seed, uint128 amount) external {
        uint256 channel = seed % CHANNELS;
        amount = uint128(within(amount, 1, 10_000e18));
        attempt(configs[channel].receiver, abi.encodeCall(settlement.refund, (configs[channel], amount)));
    }

    function refundSigned(uint256 seed, uint128 amount) external {
        uint256 channel = seed % CHANNELS;
        bytes32 channelId = channelIds[channel];
        amount = uint128(within(amount, 1, 10_000e18));
        // Now and then a nonce that has passed or is to come.
        uint256 nonce = seed % 16 == 15 ? seed % 3 : settlement.refundNonce(channelId);
        bytes memory proof =
            signature(authorizerKeys[channel % RECEIVERS], settlement.getRefundDigest(channelId, nonce, amount));
        attempt(address(this), abi.encodeCall(settlement.refundWithSignature, (configs[channel], amount, nonce, proof)));
    }

    function initiateWithdraw(uint256 seed, uint128 amount) external {
        uint256 channel = seed % CHANNELS;
        (uint128 balance, uint128 claimed) = state(channel);
        amount = uint128(within(amount, 1, uint256(balance) - claimed + 1));
        attempt(configs[channel].payer, abi.encodeCall(settlement.initiateWithdraw, (configs[channel], amount)));
    }

    function finalizeWithdraw(uint256 seed) external {
        uint256 channel = firstPending(seed % CHANNELS);
        if (seed % 4 != 0) vm.warp(block.timestamp + 15 minutes);
        attempt(configs[channel].payer, abi.encodeCall(settlement.finalizeWithdraw, (configs[channel])));
    }

    /// @dev Tokens that arrive outside of any deposit.
    function donate(uint256 seed, uint128 amount) external {
        address giver = payers[seed % PAYERS];
        amount = uint128(within(amount, 0, token.balanceOf(giver) / 1000));
        vm.prank(giver);
        token.transfer(address(settlement), amount);
        donated += amount;
        given[giver] += amount;
    }

    mapping(address giver => uint256) public given;

    // ---------------------------------------------------------------- how they do it

    function attempt(address caller, bytes memory data) private returns (bool success) {
        ++calls;
        vm.prank(caller);
        (success,) = address(settlement).call(data);
        if (success) {
            ++successes[bytes4(data)];
        } else {
            ++reverts;
            ++failures[bytes4(data)];
        }
    }

    /// @dev A row as a receiver would send it: mostly within the voucher and the balance.
    function signedRow(uint256 channel, uint128 ceiling, uint128 total) private returns (VoucherClaim memory row) {
        (uint128 balance, uint128 claimed) = state(channel);
        // Now and then above the balance, and now and then above the voucher.
        ceiling = uint128(within(ceiling, claimed, uint256(balance) + (ceiling % 8 == 7 ? balance : 0)));
        total = uint128(within(total, 0, uint256(ceiling) + (total % 8 == 7 ? ceiling : 0)));
        row = rowWith(channel, ceiling, total, voucherKeys[channel / RECEIVERS]);
        if (ceiling > highestSigned[channel]) highestSigned[channel] = ceiling;
        sent.push(SentRow(uint8(channel), uint120(ceiling), total));
    }

    function rowWith(uint256 channel, uint128 ceiling, uint128 total, uint256 key)
        private
        view
        returns (VoucherClaim memory)
    {
        bytes32 channelId = channelIds[channel];
        bytes memory proof = signature(key, settlement.getVoucherDigest(channelId, ceiling));
        return VoucherClaim(Voucher(configs[channel], ceiling), proof, total);
    }

    function permission(uint256 channel, uint256 amount) private returns (bytes memory) {
        uint256 salt = ++nextSalt;
        bytes32 nonce = keccak256(abi.encode(channelIds[channel], salt));
        bytes32 typeHash = keccak256(
            "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
        );
        bytes32 structHash = keccak256(
            abi.encode(typeHash, configs[channel].payer, collector, amount, uint256(0), type(uint256).max, nonce)
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
        return abi.encode(uint256(0), type(uint256).max, salt, signature(ownerKeys[channel / RECEIVERS], digest));
    }

    function firstPending(uint256 start) private view returns (uint256) {
        for (uint256 i = 0; i < CHANNELS; ++i) {
            uint256 channel = (start + i) % CHANNELS;
            (, uint40 initiatedAt) = settlement.pendingWithdrawals(channelIds[channel]);
            if (initiatedAt != 0) return channel;
        }
        return start;
    }

    function state(uint256 channel) private view returns (uint128 balance, uint128 claimed) {
        return settlement.channels(channelIds[channel]);
    }
}
