"""The diary without its server: what a device keeps, sends later, and shows meanwhile."""
