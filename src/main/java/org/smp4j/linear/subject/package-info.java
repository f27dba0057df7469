/** The class under test: its operations, and the values that programs pass to them. */
package org.smp4j.linear.subject;
