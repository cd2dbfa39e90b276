// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {IERC3009, IERC3009Cancel} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {ContractWallet} from "../support/ContractWallet.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice EIP-3009: an owner signs a transfer and somebody else sends it. Every rule holds for both forms of the
/// signature, v, r, s and bytes; `isBytes` says which form a test uses.
contract SignedTransfersTest is Protocol {
    bytes32 private constant NONCE = keccak256("nonce");

    enum Kind {
        Transfer,
        Receive
    }

    /// @dev An authorization with everything that can be wrong about it.
    struct Authorization {
        Kind kind;
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    function usual(Kind kind) private view returns (Authorization memory) {
        return Authorization(kind, payer, receiver, 5e18, 0, type(uint256).max, NONCE);
    }

    function digestOf(Authorization memory a) private view returns (bytes32) {
        string memory fields =
            "(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";
        bytes32 typeHash = keccak256(
            abi.encodePacked(a.kind == Kind.Transfer ? "TransferWithAuthorization" : "ReceiveWithAuthorization", fields)
        );
        return tokenDigest(keccak256(abi.encode(typeHash, a.from, a.to, a.value, a.validAfter, a.validBefore, a.nonce)));
    }

    function send(Authorization memory a, bytes memory proof, bool isBytes) private {
        if (isBytes) {
            if (a.kind == Kind.Transfer) {
                token.transferWithAuthorization(a.from, a.to, a.value, a.validAfter, a.validBefore, a.nonce, proof);
            } else {
                token.receiveWithAuthorization(a.from, a.to, a.value, a.validAfter, a.validBefore, a.nonce, proof);
            }
            return;
        }
        (uint8 v, bytes32 r, bytes32 s) = parts(proof);
        if (a.kind == Kind.Transfer) {
            token.transferWithAuthorization(a.from, a.to, a.value, a.validAfter, a.validBefore, a.nonce, v, r, s);
        } else {
            token.receiveWithAuthorization(a.from, a.to, a.value, a.validAfter, a.validBefore, a.nonce, v, r, s);
        }
    }

    function parts(bytes memory proof) private pure returns (uint8 v, bytes32 r, bytes32 s) {
        assembly ("memory-safe") {
            r := mload(add(proof, 0x20))
            s := mload(add(proof, 0x40))
            v := byte(0, mload(add(proof, 0x60)))
        }
    }

    function testFuzz_transferMovesTheValue(uint256 value, bytes32 nonce, bool isBytes) external {
        Authorization memory a = usual(Kind.Transfer);
        a.value = within(value, 0, WEALTH);
        a.nonce = nonce;
        bytes memory proof = signature(PAYER_KEY, digestOf(a));

        vm.assertFalse(token.authorizationState(payer, nonce), "unused");
        vm.expectEmit(true, true, false, true, address(token));
        emit IERC3009.AuthorizationUsed(payer, nonce);
        vm.prank(stranger);
        send(a, proof, isBytes);
        vm.assertTrue(token.authorizationState(payer, nonce), "used");
        vm.assertEq(token.balanceOf(receiver), a.value, "arrived");
        vm.assertEq(token.balanceOf(payer), WEALTH - a.value, "left");
    }

    function testFuzz_receiveMovesTheValueToTheCaller(uint256 value, bool isBytes) external {
        Authorization memory a = usual(Kind.Receive);
        a.value = within(value, 0, WEALTH);
        bytes memory proof = signature(PAYER_KEY, digestOf(a));
        vm.prank(receiver);
        send(a, proof, isBytes);
        vm.assertEq(token.balanceOf(receiver), a.value, "arrived");
    }

    /// Only the recipient may use a receive authorization, so nobody can use it ahead of a contract that counts on it.
    function testFuzz_receiveRefusesOtherCallers(bool isBytes) external {
        Authorization memory a = usual(Kind.Receive);
        bytes memory proof = signature(PAYER_KEY, digestOf(a));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, receiver));
        send(a, proof, isBytes);
    }

    /// The two kinds are different messages.
    function testFuzz_kindsDoNotMix(bool isBytes) external {
        Authorization memory a = usual(Kind.Receive);
        bytes memory proof = signature(PAYER_KEY, digestOf(a));
        a.kind = Kind.Transfer;
        vm.prank(receiver);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        send(a, proof, isBytes);
    }

    /// An authorization is used once, in whatever form it comes the second time.
    function testFuzz_refusesReplay(bool isBytes, bool isBytesAgain) external {
        Authorization memory a = usual(Kind.Transfer);
        bytes memory proof = signature(PAYER_KEY, digestOf(a));
        send(a, proof, isBytes);
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, payer, NONCE));
        send(a, proof, isBytesAgain);
    }

    /// A nonce is shared by both kinds: using one uses up the other.
    function testFuzz_nonceIsSharedByBothKinds(bool isBytes) external {
        Authorization memory a = usual(Kind.Transfer);
        send(a, signature(PAYER_KEY, digestOf(a)), isBytes);
        a.kind = Kind.Receive;
        bytes memory proof = signature(PAYER_KEY, digestOf(a));
        vm.prank(receiver);
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, payer, NONCE));
        send(a, proof, isBytes);
    }

    /// Valid strictly between the two times, in seconds, also where the library would read block numbers.
    function testFuzz_validityWindow(uint256 validAfter, uint256 validBefore, bool isBytes) external {
        Authorization memory a = usual(Kind.Transfer);
        a.validAfter = validAfter;
        a.validBefore = validBefore;
        checkWindow(a, isBytes);

        a.nonce = keccak256("near the present");
        a.validAfter = within(validAfter, block.timestamp - 2, block.timestamp + 2);
        a.validBefore = within(validBefore, block.timestamp - 2, block.timestamp + 2);
        checkWindow(a, isBytes);

        a.nonce = keccak256("both with bit 47");
        a.validAfter = 1 << 47;
        a.validBefore = (1 << 47) | type(uint32).max;
        checkWindow(a, isBytes);
    }

    function checkWindow(Authorization memory a, bool isBytes) private {
        bytes memory proof = signature(PAYER_KEY, digestOf(a));
        bool isValid = a.validAfter < block.timestamp && block.timestamp < a.validBefore;
        if (!isValid) {
            vm.expectRevert(
                abi.encodeWithSelector(ERC3009.ERC3009InvalidAuthorizationTime.selector, a.validAfter, a.validBefore)
            );
        }
        send(a, proof, isBytes);
        vm.assertTrue(token.authorizationState(payer, a.nonce) == isValid, "used when valid");
    }

    function testFuzz_refusesAnotherSigner(uint256 key, bool isBytes) external {
        key = within(key, 1, CURVE_ORDER - 1);
        vm.assume(vm.addr(key) != payer);
        Authorization memory a = usual(Kind.Transfer);
        bytes memory proof = signature(key, digestOf(a));
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        send(a, proof, isBytes);
    }

    /// Any change to what was signed voids the signature.
    function testFuzz_refusesChangedAuthorization(uint8 field, bool isBytes) external {
        Authorization memory a = usual(Kind.Transfer);
        bytes memory proof = signature(PAYER_KEY, digestOf(a));
        field %= 5;
        if (field == 0) a.to = stranger;
        if (field == 1) a.value += 1;
        if (field == 2) a.validAfter += 1;
        if (field == 3) a.validBefore -= 1;
        if (field == 4) a.nonce = keccak256("another");
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        send(a, proof, isBytes);
    }

    /// The twin of a signature is refused in both forms.
    function test_refusesMalleatedSignature() external {
        Authorization memory a = usual(Kind.Transfer);
        bytes memory twin = malleated(PAYER_KEY, digestOf(a));
        (,, bytes32 s) = parts(twin);
        vm.expectRevert(abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, s));
        send(a, twin, false);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        send(a, twin, true);
    }

    /// An authorization for the same token on another chain is refused.
    function testFuzz_refusesForeignChain(bool isBytes) external {
        Authorization memory a = usual(Kind.Transfer);
        uint256 home = block.chainid;
        vm.chainId(home + 1);
        bytes memory proof = signature(PAYER_KEY, digestOf(a));
        vm.chainId(home);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        send(a, proof, isBytes);
    }

    /// An owner takes back what it has signed.
    function testFuzz_cancelledAuthorizationIsUsed(bool isBytes) external {
        Authorization memory a = usual(Kind.Transfer);
        bytes memory proof = signature(PAYER_KEY, digestOf(a));
        vm.expectEmit(true, true, false, true, address(token));
        emit IERC3009Cancel.AuthorizationCanceled(payer, NONCE);
        cancel(PAYER_KEY, payer, isBytes);

        vm.assertTrue(token.authorizationState(payer, NONCE), "used up");
        bytes memory reason = abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, payer, NONCE);
        vm.expectRevert(reason);
        send(a, proof, isBytes);
        vm.expectRevert(reason);
        this.cancel(PAYER_KEY, payer, isBytes);
    }

    function testFuzz_nobodyElseCancels(bool isBytes) external {
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        this.cancel(STRANGER_KEY, payer, isBytes);
    }

    function cancel(uint256 key, address authorizer, bool isBytes) public {
        bytes32 typeHash = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");
        bytes memory proof = signature(key, tokenDigest(keccak256(abi.encode(typeHash, authorizer, NONCE))));
        (uint8 v, bytes32 r, bytes32 s) = parts(proof);
        if (isBytes) token.cancelAuthorization(authorizer, NONCE, proof);
        else token.cancelAuthorization(authorizer, NONCE, v, r, s);
    }

    /// A contract wallet signs through ERC-1271. The form with v, r, s stays for plain keys only.
    function test_contractWalletSigns() external {
        ContractWallet wallet = new ContractWallet(payer);
        token.mint(address(wallet), 20e18);
        Authorization memory a = usual(Kind.Transfer);
        a.from = address(wallet);
        bytes memory proof = signature(PAYER_KEY, digestOf(a));

        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        send(a, proof, false);
        send(a, proof, true);
        vm.assertEq(token.balanceOf(receiver), 5e18, "transferred");

        a.kind = Kind.Receive;
        a.nonce = keccak256("second");
        proof = signature(PAYER_KEY, digestOf(a));
        vm.prank(receiver);
        send(a, proof, true);
        vm.assertEq(token.balanceOf(receiver), 10e18, "received");

        a.nonce = keccak256("third");
        proof = signature(STRANGER_KEY, digestOf(a));
        vm.prank(receiver);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        send(a, proof, true);
    }
}
