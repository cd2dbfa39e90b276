// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {Token} from "../support/Contracts.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice The token as a token: its name, its supply, transfers, allowances and permits.
contract HeddleTokenTest is Protocol {
    function test_nameAndUnits() external view {
        vm.assertEq(token.name(), "Heddle", "name");
        vm.assertEq(token.symbol(), "HED", "symbol");
        vm.assertEq(token.decimals(), 18, "decimals");
        vm.assertEq(token.cap(), 1_000_000_000e18, "a thousand million");
        vm.assertEq(token.MAX_SUPPLY(), token.cap(), "the same by its plain name");
        vm.assertEq(token.minter(), address(this), "minter");
    }

    /// Wallets build signatures from this domain.
    function test_domain() external view {
        (, string memory name, string memory version, uint256 chainId, address verifyingContract,,) =
            token.eip712Domain();
        vm.assertEq(name, "Heddle", "name");
        vm.assertEq(version, "1", "version");
        vm.assertEq(chainId, block.chainid, "chain");
        vm.assertEq(verifyingContract, address(token), "contract");
        vm.assertEq(
            token.DOMAIN_SEPARATOR(),
            keccak256(
                abi.encode(
                    keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                    keccak256("Heddle"),
                    keccak256("1"),
                    block.chainid,
                    address(token)
                )
            ),
            "from first principles"
        );
    }

    /// The minter mints up to the cap and not one unit more.
    function test_supplyIsCapped() external {
        uint256 rest = token.cap() - token.totalSupply();
        token.mint(stranger, rest);
        vm.assertEq(token.totalSupply(), token.cap(), "full");

        vm.expectRevert(abi.encodeWithSelector(ERC20Capped.ERC20ExceededCap.selector, token.cap() + 1, token.cap()));
        token.mint(stranger, 1);
    }

    function test_onlyTheMinterMints() external {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Token.NotMinter.selector, stranger));
        token.mint(stranger, 1);
    }

    /// Without a minter the supply is closed.
    function test_tokenWithoutMinter() external {
        Token closed = Token(deployed("HeddleToken.sol:HeddleToken", abi.encode(address(0))));
        vm.expectRevert(abi.encodeWithSelector(Token.NotMinter.selector, address(this)));
        closed.mint(address(this), 1);
    }

    function testFuzz_transferMovesExactly(address to, uint256 amount) external {
        vm.assume(to != address(0) && to != payer);
        amount = within(amount, 0, WEALTH);
        uint256 before = token.balanceOf(to);
        vm.prank(payer);
        vm.assertTrue(token.transfer(to, amount), "says yes");
        vm.assertEq(token.balanceOf(to), before + amount, "arrived");
        vm.assertEq(token.balanceOf(payer), WEALTH - amount, "left");
    }

    function testFuzz_transferFromUsesTheAllowance(uint256 allowance, uint256 amount) external {
        allowance = within(allowance, 0, WEALTH);
        amount = within(amount, 0, WEALTH);
        vm.prank(payer);
        token.approve(stranger, allowance);

        vm.prank(stranger);
        if (amount > allowance) {
            vm.expectRevert(
                abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, stranger, allowance, amount)
            );
        }
        token.transferFrom(payer, receiver, amount);
        vm.assertEq(token.balanceOf(receiver), amount > allowance ? 0 : amount, "moved or not");
    }

    /// EIP-2612: an allowance by signature.
    function test_permit() external {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PAYER_KEY, permitDigest(5e18, 0, block.timestamp));
        vm.prank(stranger);
        token.permit(payer, stranger, 5e18, block.timestamp, v, r, s);
        vm.assertEq(token.allowance(payer, stranger), 5e18, "allowed");
        vm.assertEq(token.nonces(payer), 1, "nonce used");

        // The same signature a second time is for a nonce that has passed.
        vm.expectRevert();
        token.permit(payer, stranger, 5e18, block.timestamp, v, r, s);
    }

    function test_refusesLateOrForgedPermit() external {
        uint256 deadline = block.timestamp - 1;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PAYER_KEY, permitDigest(5e18, 0, deadline));
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, deadline));
        token.permit(payer, stranger, 5e18, deadline, v, r, s);

        deadline = block.timestamp;
        (v, r, s) = vm.sign(STRANGER_KEY, permitDigest(5e18, 0, deadline));
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, stranger, payer));
        token.permit(payer, stranger, 5e18, deadline, v, r, s);
    }

    function permitDigest(uint256 value, uint256 nonce, uint256 deadline) private view returns (bytes32) {
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        return tokenDigest(keccak256(abi.encode(typeHash, payer, stranger, value, nonce, deadline)));
    }
}
